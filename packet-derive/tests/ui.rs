//! What the compiler says about mistakes, as a user sees it.

#[test]
fn mistakes_are_errors_in_the_users_code() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

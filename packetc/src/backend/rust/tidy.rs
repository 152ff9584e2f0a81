//! Makes generated code look as if somebody had written it.
//!
//! Pieces of expressions put parentheses around themselves, because they do not know what they become
//! an operand of. Where that is nothing, the compiler would warn of them. Long numbers get separators.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprAssign, ExprCall, ExprIf, ExprMethodCall, ExprParen, ExprReturn, FieldValue, File,
    LitInt, Local, Stmt,
};

/// Tidies a whole file.
pub(super) fn tidy(file: &mut File) {
    Tidy.visit_file_mut(file);
}

struct Tidy;

fn unwrap(expr: &mut Expr) {
    while let Expr::Paren(ExprParen { expr: inner, .. }) = expr {
        let inner = std::mem::replace(
            inner.as_mut(),
            Expr::Verbatim(proc_macro2::TokenStream::new()),
        );
        *expr = inner;
    }
}

impl VisitMut for Tidy {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        call.args.iter_mut().for_each(unwrap);
        visit_mut::visit_expr_call_mut(self, call);
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        call.args.iter_mut().for_each(unwrap);
        visit_mut::visit_expr_method_call_mut(self, call);
    }

    fn visit_expr_assign_mut(&mut self, assign: &mut ExprAssign) {
        unwrap(&mut assign.right);
        visit_mut::visit_expr_assign_mut(self, assign);
    }

    fn visit_expr_if_mut(&mut self, branch: &mut ExprIf) {
        unwrap(&mut branch.cond);
        visit_mut::visit_expr_if_mut(self, branch);
    }

    fn visit_expr_paren_mut(&mut self, paren: &mut ExprParen) {
        unwrap(&mut paren.expr);
        visit_mut::visit_expr_paren_mut(self, paren);
    }

    fn visit_expr_return_mut(&mut self, end: &mut ExprReturn) {
        end.expr.iter_mut().for_each(|expr| unwrap(expr));
        visit_mut::visit_expr_return_mut(self, end);
    }

    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        unwrap(&mut field.expr);
        visit_mut::visit_field_value_mut(self, field);
    }

    fn visit_lit_int_mut(&mut self, literal: &mut LitInt) {
        let digits = literal.base10_digits();
        let decimal = literal.to_string().starts_with(digits);
        if decimal && digits.len() > 5 {
            let text = format!("{}{}", separated(digits), literal.suffix());
            *literal = LitInt::new(&text, literal.span());
        }
    }

    fn visit_local_mut(&mut self, local: &mut Local) {
        if let Some(init) = &mut local.init {
            unwrap(&mut init.expr);
        }
        visit_mut::visit_local_mut(self, local);
    }

    fn visit_stmt_mut(&mut self, statement: &mut Stmt) {
        if let Stmt::Expr(expr, _) = statement {
            unwrap(expr);
        }
        visit_mut::visit_stmt_mut(self, statement);
    }
}

/// `1048575` as `1_048_575`.
fn separated(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    /// Tidies the body of a function.
    fn check(before: &str, after: &str) {
        let mut file: File = syn::parse_str(&format!("fn f() {{ {before} }}")).expect(before);
        tidy(&mut file);
        let expected: File = syn::parse_str(&format!("fn f() {{ {after} }}")).expect(after);
        assert_eq!(
            file.to_token_stream().to_string(),
            expected.to_token_stream().to_string()
        );
    }

    #[test]
    fn parentheses_go_where_nothing_is_an_operand() {
        check("let a = (b + c);", "let a = b + c;");
        check("a = (b + c);", "a = b + c;");
        check("f((a + b), c);", "f(a + b, c);");
        check("a.f((b + c));", "a.f(b + c);");
        check("if (a == b) {}", "if a == b {}");
        check("return (a + b);", "return a + b;");
        check("S { a: (b + c) }", "S { a: b + c }");
        check("(a + b)", "a + b");
        check("let a = (((b)));", "let a = b;");
    }

    #[test]
    fn parentheses_of_operands_stay() {
        check("let a = (b + c) * d;", "let a = (b + c) * d;");
        check("let a = -(b + c);", "let a = -(b + c);");
        check("let a = (b + c).f();", "let a = (b + c).f();");
        check("let a = (b as u8) < c;", "let a = (b as u8) < c;");
        check("let a = ((b + c)) * d;", "let a = (b + c) * d;");
    }

    #[test]
    fn tuples_stay() {
        check("f((a, b));", "f((a, b));");
        check("let a = (b,);", "let a = (b,);");
    }

    #[test]
    fn long_decimal_numbers_get_separators() {
        check("f(12345);", "f(12345);");
        check("f(123456);", "f(123_456);");
        check("f(1048575_u64);", "f(1_048_575u64);");
        check("f(-1234567);", "f(-1_234_567);");
        check("f(0x1234567);", "f(0x1234567);");
    }
}

//! Guilds and their wars.

use super::*;
use crate::server::store::{Departure, Guild, GuildError, Invitation, MAX_WARS, StoreError, War};
use std::num::NonZeroU16;

const ADA: u32 = 1;
const GRACE: u32 = 2;
const JOAN: u32 = 3;
const DAWN: u32 = 1;
const DUSK: u32 = 2;

/// Ada leads Dawn, the others are in no guild.
async fn dawn() -> Store {
    let store = store_with(&["Ada", "Grace", "Joan"], options()).await;
    assert_eq!(store.create_guild(ADA, "Dawn", "DWN").await, Ok(DAWN));
    store
}

/// Ada leads Dawn, Grace leads Dusk.
async fn dawn_and_dusk() -> Store {
    let store = dawn().await;
    assert_eq!(store.create_guild(GRACE, "Dusk", "DSK").await, Ok(DUSK));
    store
}

async fn add(store: &Store, leader: u32, player: u32, guild: u32) {
    store.invite_to_guild(leader, player).await.unwrap();
    store.join_guild(player, guild).await.unwrap();
}

async fn check_create(store: &Store, player: u32, name: &str, tag: &str, expected: GuildError) {
    assert_eq!(
        store.create_guild(player, name, tag).await,
        Err(expected),
        "{name:?} {tag:?}"
    );
}

/// Further players with a guild each, without the work of registering.
async fn found_guilds(store: &Store, count: u32) {
    let founded: Result<(), StoreError> = store
        .shared
        .thread
        .write(move |db, _| {
            for i in 0..count {
                db.execute(
                    "INSERT INTO players (name, name_fold, password, created_at) VALUES (?1, ?1, '', 0)",
                    [format!("player {i}")],
                )?;
                let player = db.last_insert_rowid();
                db.execute(
                    "INSERT INTO guilds (name, name_fold, tag, tag_fold, leader, created_at)
                     VALUES (?1, ?1, ?1, ?1, ?2, 0)",
                    (format!("guild {i}"), player),
                )?;
                let guild = db.last_insert_rowid();
                db.execute("INSERT INTO guild_members (guild, player) VALUES (?1, ?2)", [guild, player])?;
            }
            Ok(())
        })
        .await;
    founded.unwrap();
}

#[tokio::test]
async fn a_founder_is_the_first_member() {
    let store = dawn().await;
    assert_eq!(store.guild_members(DAWN).await, Ok(vec![ADA]));
    assert_eq!(store.guild_of(ADA).await, Ok(Some(DAWN)));
    assert_eq!(store.guild_of(GRACE).await, Ok(None));
    assert_eq!(store.guild_members(77).await, Ok(vec![]));
}

#[tokio::test]
async fn names_and_tags_of_guilds_are_given_once() {
    let store = dawn().await;
    check_create(&store, GRACE, "dawn", "XX", GuildError::AlreadyExists).await;
    check_create(&store, GRACE, "Other", "dwn", GuildError::AlreadyExists).await;
    check_create(&store, ADA, "Other", "XX", GuildError::AlreadyExists).await;
    check_create(&store, GRACE, "", "XX", GuildError::InvalidArgument).await;
    check_create(&store, GRACE, "Other", "X", GuildError::InvalidArgument).await;
    assert_eq!(store.guild_of(GRACE).await, Ok(None));
}

#[tokio::test]
async fn who_is_invited_can_join_once() {
    let store = dawn().await;
    let invitation = Invitation {
        guild: DAWN,
        name: "Dawn".to_owned(),
    };
    assert_eq!(
        store.join_guild(GRACE, DAWN).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(
        store.invite_to_guild(ADA, GRACE).await,
        Ok(invitation.clone())
    );
    assert_eq!(store.invite_to_guild(ADA, GRACE).await, Ok(invitation));
    assert_eq!(
        store.join_guild(JOAN, DAWN).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(store.join_guild(GRACE, DAWN).await, Ok(()));
    assert_eq!(store.guild_members(DAWN).await, Ok(vec![ADA, GRACE]));
    assert_eq!(
        store.join_guild(GRACE, DAWN).await,
        Err(GuildError::AlreadyExists)
    );
    store.leave_guild(GRACE).await.unwrap();
    assert_eq!(
        store.join_guild(GRACE, DAWN).await,
        Err(GuildError::PermissionDenied)
    );
}

#[tokio::test]
async fn only_the_leader_invites() {
    let store = dawn().await;
    add(&store, ADA, GRACE, DAWN).await;
    assert_eq!(
        store.invite_to_guild(GRACE, JOAN).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(
        store.invite_to_guild(JOAN, GRACE).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(
        store.invite_to_guild(ADA, GRACE).await,
        Err(GuildError::AlreadyExists)
    );
    assert_eq!(
        store.invite_to_guild(ADA, 77).await,
        Err(GuildError::NotFound)
    );
}

#[tokio::test]
async fn who_is_in_a_guild_joins_no_other() {
    let store = dawn_and_dusk().await;
    store.invite_to_guild(ADA, GRACE).await.unwrap();
    assert_eq!(
        store.join_guild(GRACE, DAWN).await,
        Err(GuildError::AlreadyExists)
    );
    assert_eq!(store.join_guild(JOAN, 77).await, Err(GuildError::NotFound));
    store.leave_guild(GRACE).await.unwrap();
    assert_eq!(
        store.join_guild(GRACE, DAWN).await,
        Ok(()),
        "the invitation is still good"
    );
}

#[tokio::test]
async fn a_full_guild_takes_nobody_and_the_invitation_stays() {
    let max_guild_members = NonZeroU16::new(2).unwrap();
    let store = store_with(
        &["Ada", "Grace", "Joan"],
        Options {
            max_guild_members,
            ..options()
        },
    )
    .await;
    store.create_guild(ADA, "Dawn", "DWN").await.unwrap();
    add(&store, ADA, GRACE, DAWN).await;
    store.invite_to_guild(ADA, JOAN).await.unwrap();
    assert_eq!(store.join_guild(JOAN, DAWN).await, Err(GuildError::Full));
    store.leave_guild(GRACE).await.unwrap();
    assert_eq!(store.join_guild(JOAN, DAWN).await, Ok(()));
}

#[tokio::test]
async fn the_oldest_of_too_many_invitations_is_void() {
    let store = dawn().await;
    found_guilds(&store, 100).await;
    store.invite_to_guild(ADA, GRACE).await.unwrap();
    for player in 4..104 {
        store.invite_to_guild(ADA, player).await.unwrap();
    }
    assert_eq!(
        store.join_guild(GRACE, DAWN).await,
        Err(GuildError::PermissionDenied)
    );
    store.leave_guild(4).await.unwrap();
    assert_eq!(store.join_guild(4, DAWN).await, Ok(()));
}

#[tokio::test]
async fn a_leader_who_leaves_hands_over_to_the_oldest_member() {
    let store = dawn().await;
    add(&store, ADA, JOAN, DAWN).await;
    add(&store, ADA, GRACE, DAWN).await;
    let departure = |leader| Departure {
        guild: DAWN,
        leader,
        ended_wars: vec![],
    };
    assert_eq!(store.leave_guild(ADA).await, Ok(departure(Some(JOAN))));
    add(&store, JOAN, ADA, DAWN).await;
    assert_eq!(store.leave_guild(GRACE).await, Ok(departure(Some(JOAN))));
    assert_eq!(store.leave_guild(JOAN).await, Ok(departure(Some(ADA))));
    assert_eq!(store.leave_guild(ADA).await, Ok(departure(None)));
    assert_eq!(store.leave_guild(ADA).await, Err(GuildError::NotFound));
}

#[tokio::test]
async fn a_guild_ends_with_its_last_member_and_so_do_its_wars_and_invitations() {
    let store = dawn_and_dusk().await;
    store.invite_to_guild(ADA, JOAN).await.unwrap();
    store.start_war(ADA, DUSK).await.unwrap();
    let war = War {
        attacker: DAWN,
        defender: DUSK,
    };
    let departure = Departure {
        guild: DAWN,
        leader: None,
        ended_wars: vec![war],
    };
    assert_eq!(store.leave_guild(ADA).await, Ok(departure));
    assert_eq!(
        store.join_guild(JOAN, DAWN).await,
        Err(GuildError::NotFound)
    );
    let page = store.list_guilds(0, 10).await.unwrap();
    let dusk = Guild {
        id: DUSK,
        name: "Dusk".to_owned(),
        tag: "DSK".to_owned(),
        members: 1,
        at_war_with: vec![],
    };
    assert_eq!(page.guilds, [dusk]);
    // The name is free again, the number is not.
    assert_eq!(store.create_guild(ADA, "Dawn", "DWN").await, Ok(3));
}

#[tokio::test]
async fn guilds_are_listed_in_pages() {
    let store = store(options());
    found_guilds(&store, 5).await;
    let list = async |after, limit| {
        let page = store.list_guilds(after, limit).await.unwrap();
        let ids: Vec<u32> = page.guilds.iter().map(|guild| guild.id).collect();
        (ids, page.more)
    };
    assert_eq!(list(0, 2).await, (vec![1, 2], true));
    assert_eq!(list(2, 2).await, (vec![3, 4], true));
    assert_eq!(list(4, 2).await, (vec![5], false));
    assert_eq!(list(0, 5).await, (vec![1, 2, 3, 4, 5], false));
    assert_eq!(list(5, 2).await, (vec![], false));
    assert_eq!(list(u32::MAX, u16::MAX).await, (vec![], false));
    assert_eq!(list(0, 0).await, (vec![1], true), "a page has at least one");
}

#[tokio::test]
async fn a_list_says_members_and_wars() {
    let store = dawn_and_dusk().await;
    add(&store, ADA, JOAN, DAWN).await;
    store.start_war(GRACE, DAWN).await.unwrap();
    let page = store.list_guilds(0, 10).await.unwrap();
    let listed: Vec<_> = page
        .guilds
        .iter()
        .map(|guild| (guild.members, &*guild.at_war_with))
        .collect();
    assert_eq!(listed, [(2, &[DUSK][..]), (1, &[DAWN][..])]);
}

#[tokio::test]
async fn who_leads_a_guild_declares_war_and_ends_it() {
    let store = dawn_and_dusk().await;
    add(&store, ADA, JOAN, DAWN).await;
    let war = War {
        attacker: DAWN,
        defender: DUSK,
    };
    assert_eq!(
        store.start_war(JOAN, DUSK).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(
        store.start_war(ADA, DAWN).await,
        Err(GuildError::InvalidArgument)
    );
    assert_eq!(store.start_war(ADA, 77).await, Err(GuildError::NotFound));
    assert_eq!(store.end_war(ADA, DUSK).await, Err(GuildError::NotFound));
    assert_eq!(store.start_war(ADA, DUSK).await, Ok(war));
    assert_eq!(
        store.start_war(ADA, DUSK).await,
        Err(GuildError::AlreadyExists)
    );
    assert_eq!(
        store.start_war(GRACE, DAWN).await,
        Err(GuildError::AlreadyExists)
    );
    assert_eq!(
        store.end_war(GRACE, DAWN).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(
        store.end_war(JOAN, DUSK).await,
        Err(GuildError::PermissionDenied)
    );
    assert_eq!(store.end_war(ADA, DUSK).await, Ok(war));
    assert_eq!(store.end_war(ADA, DUSK).await, Err(GuildError::NotFound));
}

#[tokio::test]
async fn nobody_is_in_too_many_wars() {
    let store = dawn().await;
    let enemies = u32::from(MAX_WARS) + 2;
    found_guilds(&store, enemies).await;
    // The founders of the guilds 2, 3 and so on have the numbers 4, 5 and so on.
    for i in 0..u32::from(MAX_WARS) {
        let declared = if i % 2 == 0 {
            store.start_war(ADA, 2 + i).await
        } else {
            store.start_war(4 + i, DAWN).await
        };
        declared.unwrap();
    }
    let (enemy, leader) = (enemies + 1, enemies + 3);
    assert_eq!(store.start_war(ADA, enemy).await, Err(GuildError::Full));
    assert_eq!(store.start_war(leader, DAWN).await, Err(GuildError::Full));
    store.end_war(ADA, 2).await.unwrap();
    assert_eq!(
        store.start_war(leader, DAWN).await,
        Ok(War {
            attacker: enemy,
            defender: DAWN
        })
    );
}

//! Guilds and their wars, as founders, members and strangers see them. Every guild that is founded here is left again.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::peer::{Peer, summary};
use super::players::Lent;
use super::samples::NOBODY;
use super::trial::Trial;
use crate::game::{
    ErrorCode, GuildCreate, GuildInfo, GuildInvite, GuildInvited, GuildJoin, GuildLeave, GuildList,
    GuildListRequest, GuildResult, GuildWar, GuildWarEnd, GuildWarEvent, GuildWarStart, Packet,
};

const GROUP: Group = Group::Guilds;

/// What says that a player may not do something to a guild, or is in none.
const NOT_ENTITLED: &[ErrorCode] = &[ErrorCode::PERMISSION_DENIED, ErrorCode::NOT_FOUND];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            GROUP,
            "create",
            "Who founds a guild gets its number, under which the list has it with name, tag and one member.",
            create,
        ),
        Check::new(
            GROUP,
            "create_with_a_name_that_is_taken",
            "A guild whose name another one has is refused with `already_exists`.",
            name_taken,
        ),
        Check::new(
            GROUP,
            "create_a_second_one",
            "Who is in a guild founds no other: `already_exists`.",
            create_a_second_one,
        ),
        Check::new(
            GROUP,
            "invite_and_join",
            "Who is invited gets GuildInvited, and can join; the list then counts two members.",
            invite_and_join,
        ),
        Check::new(
            GROUP,
            "join_uninvited",
            "Who was not invited does not get in.",
            join_uninvited,
        ),
        Check::new(
            GROUP,
            "invite_nobody",
            "An invitation to a name that nobody has is refused with `not_found`.",
            invite_nobody,
        ),
        Check::new(
            GROUP,
            "invite_without_a_guild",
            "Who leads no guild invites nobody.",
            invite_without_a_guild,
        ),
        Check::new(
            GROUP,
            "leave",
            "With its last member a guild ends, and is listed no more; who is in none cannot leave.",
            leave,
        ),
        Check::new(
            GROUP,
            "list_in_order",
            "The list comes in the order of the numbers, behind the one that is asked for, part by part to its end.",
            list_in_order,
        ),
        Check::new(
            GROUP,
            "war",
            "A war is told to members of both guilds, when it starts and when it ends, and listed while it lasts.",
            war,
        ),
        Check::new(
            GROUP,
            "war_twice",
            "A war that is on already is not declared again: `already_exists`.",
            war_twice,
        ),
        Check::new(
            GROUP,
            "war_ended_by_the_attacked",
            "Who leads the guild that was attacked does not end the war.",
            war_ended_by_the_attacked,
        ),
        Check::new(
            GROUP,
            "war_on_nobody",
            "A war on a guild that is not there is refused with `not_found`.",
            war_on_nobody,
        ),
    ]
}

/// Founds a guild, after leaving one that an earlier run left behind.
async fn found(trial: &Trial, peer: &mut Peer) -> Outcome<GuildInfo> {
    let request = peer.next_number();
    peer.request(GuildLeave { request }).await?;
    let (name, tag) = (trial.fresh_name(), trial.fresh_tag());
    let request = peer.next_number();
    let create = GuildCreate {
        request,
        name: name.clone(),
        tag: tag.clone(),
    };
    let id = peer.ask::<GuildResult>(create).await?.guild;
    Ok(GuildInfo {
        id,
        name,
        tag,
        members: 1,
        at_war_with: Vec::new(),
    })
}

async fn leave_guild(peer: &mut Peer) -> Outcome<u32> {
    let request = peer.next_number();
    Ok(peer.ask::<GuildResult>(GuildLeave { request }).await?.guild)
}

/// How the list has a guild, if it does.
async fn listed(peer: &mut Peer, guild: u32) -> Outcome<Option<GuildInfo>> {
    let request = peer.next_number();
    let after = guild.saturating_sub(1);
    let list = peer
        .ask::<GuildList>(GuildListRequest { request, after })
        .await?;
    Ok(list.guilds.into_iter().find(|info| info.id == guild))
}

async fn expect_listed(peer: &mut Peer, expected: &GuildInfo) -> Outcome {
    let found = listed(peer, expected.id).await?;
    ensure(
        found.as_ref() == Some(expected),
        format!("the list has {expected:?}"),
        || format!("{found:?}"),
    )
}

async fn create(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let guild = found(&trial, &mut ada).await?;
    expect_listed(&mut ada, &guild).await?;
    leave_guild(&mut ada).await.map(drop)
}

async fn name_taken(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = two(&trial, &mut players).await?;
    let guild = found(&trial, &mut ada).await?;
    let request = bob.next_number();
    bob.request(GuildLeave { request }).await?;
    let request = bob.next_number();
    let again = GuildCreate {
        request,
        name: guild.name,
        tag: trial.fresh_tag(),
    };
    bob.refused(again, &[ErrorCode::ALREADY_EXISTS]).await?;
    leave_guild(&mut ada).await.map(drop)
}

async fn create_a_second_one(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    found(&trial, &mut ada).await?;
    let request = ada.next_number();
    let second = GuildCreate {
        request,
        name: trial.fresh_name(),
        tag: trial.fresh_tag(),
    };
    ada.refused(second, &[ErrorCode::ALREADY_EXISTS]).await?;
    leave_guild(&mut ada).await.map(drop)
}

async fn two(trial: &Trial, players: &mut [Lent]) -> Outcome<(Peer, Peer)> {
    let [first, second, ..] = players else {
        return Err(Stop::skipped("needs two players"));
    };
    let ada = trial.log_in("ada", first).await?;
    let bob = trial.log_in("bob", second).await?;
    Ok((ada, bob))
}

async fn invite_and_join(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = two(&trial, &mut players).await?;
    let request = bob.next_number();
    bob.request(GuildLeave { request }).await?;
    let mut guild = found(&trial, &mut ada).await?;
    let request = ada.next_number();
    let player = players[1].name.clone();
    ada.ask::<GuildResult>(GuildInvite { request, player })
        .await?;
    let own = |invited: &GuildInvited| invited.guild == guild.id;
    let invited = bob
        .expect_that::<GuildInvited>("into the guild", own)
        .await?;
    ensure(
        (&invited.name, &invited.by) == (&guild.name, &players[0].name),
        format!("GuildInvited into {} by {}", guild.name, players[0].name),
        || format!("into {:?} by {:?}", invited.name, invited.by),
    )?;
    let request = bob.next_number();
    let joined = bob
        .ask::<GuildResult>(GuildJoin {
            request,
            guild: guild.id,
        })
        .await?;
    ensure(
        joined.guild == guild.id,
        format!("GuildResult with {}", guild.id),
        || format!("GuildResult with {}", joined.guild),
    )?;
    guild.members = 2;
    expect_listed(&mut bob, &guild).await?;
    leave_guild(&mut bob).await?;
    leave_guild(&mut ada).await.map(drop)
}

async fn join_uninvited(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = two(&trial, &mut players).await?;
    let guild = found(&trial, &mut ada).await?;
    let request = bob.next_number();
    let join = GuildJoin {
        request,
        guild: guild.id,
    };
    bob.refused(join, NOT_ENTITLED).await?;
    leave_guild(&mut ada).await.map(drop)
}

async fn invite_nobody(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    found(&trial, &mut ada).await?;
    let request = ada.next_number();
    let player = trial.fresh_name();
    ada.refused(GuildInvite { request, player }, &[ErrorCode::NOT_FOUND])
        .await?;
    leave_guild(&mut ada).await.map(drop)
}

async fn invite_without_a_guild(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, _bob) = two(&trial, &mut players).await?;
    let request = ada.next_number();
    ada.request(GuildLeave { request }).await?;
    let request = ada.next_number();
    let player = players[1].name.clone();
    ada.refused(GuildInvite { request, player }, NOT_ENTITLED)
        .await
}

async fn leave(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let guild = found(&trial, &mut ada).await?;
    let left = leave_guild(&mut ada).await?;
    ensure(
        left == guild.id,
        format!("GuildResult with {}", guild.id),
        || format!("GuildResult with {left}"),
    )?;
    let found = listed(&mut ada, guild.id).await?;
    ensure(
        found.is_none(),
        "no guild without members in the list",
        || format!("{found:?}"),
    )?;
    let request = ada.next_number();
    ada.refused(GuildLeave { request }, NOT_ENTITLED).await
}

async fn list_in_order(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    let guild = found(&trial, &mut ada).await?;
    let (mut after, mut seen) = (0, false);
    loop {
        let request = ada.next_number();
        let list = ada
            .ask::<GuildList>(GuildListRequest { request, after })
            .await?;
        for info in &list.guilds {
            ensure(info.id > after, format!("a number above {after}"), || {
                format!("{}", info.id)
            })?;
            after = info.id;
            seen |= info.id == guild.id;
        }
        ensure(
            !(list.more && list.guilds.is_empty()),
            "guilds, as there are more",
            || "an empty part".to_owned(),
        )?;
        if !list.more {
            break;
        }
    }
    ensure(seen, format!("guild {} in the list", guild.id), || {
        "it is missing".to_owned()
    })?;
    leave_guild(&mut ada).await.map(drop)
}

async fn declare(peer: &mut Peer, guild: u32) -> Outcome {
    let request = peer.next_number();
    peer.ask::<GuildResult>(GuildWarStart { request, guild })
        .await
        .map(drop)
}

/// Waits until a member is told of a war.
async fn told(peer: &mut Peer, event: GuildWarEvent, attacker: u32, defender: u32) -> Outcome {
    let expected = GuildWar {
        event,
        attacker,
        defender,
    };
    let what = format!("with {event:?}, {attacker} against {defender}");
    peer.expect_that::<GuildWar>(&what, |war| *war == expected)
        .await
        .map(drop)
}

async fn war(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = two(&trial, &mut players).await?;
    let mut dawn = found(&trial, &mut ada).await?;
    let mut dusk = found(&trial, &mut bob).await?;
    // Told before or behind the answer, as the server likes.
    let request = ada.next_number();
    ada.send(GuildWarStart {
        request,
        guild: dusk.id,
    })
    .await?;
    told(&mut ada, GuildWarEvent::STARTED, dawn.id, dusk.id).await?;
    told(&mut bob, GuildWarEvent::STARTED, dawn.id, dusk.id).await?;
    dawn.at_war_with.push(dusk.id);
    dusk.at_war_with.push(dawn.id);
    expect_listed(&mut bob, &dawn).await?;
    expect_listed(&mut bob, &dusk).await?;
    let request = ada.next_number();
    ada.send(GuildWarEnd {
        request,
        guild: dusk.id,
    })
    .await?;
    told(&mut ada, GuildWarEvent::ENDED, dawn.id, dusk.id).await?;
    told(&mut bob, GuildWarEvent::ENDED, dawn.id, dusk.id).await?;
    dawn.at_war_with.clear();
    expect_listed(&mut bob, &dawn).await?;
    both_leave(&mut ada, &mut bob).await
}

async fn both_leave(ada: &mut Peer, bob: &mut Peer) -> Outcome {
    leave_guild(ada).await?;
    leave_guild(bob).await.map(drop)
}

async fn war_twice(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = two(&trial, &mut players).await?;
    found(&trial, &mut ada).await?;
    let dusk = found(&trial, &mut bob).await?;
    declare(&mut ada, dusk.id).await?;
    let request = ada.next_number();
    let again = GuildWarStart {
        request,
        guild: dusk.id,
    };
    ada.refused(again, &[ErrorCode::ALREADY_EXISTS]).await?;
    both_leave(&mut ada, &mut bob).await
}

async fn war_ended_by_the_attacked(trial: Trial) -> Outcome {
    let mut players = trial.players(2).await?;
    let (mut ada, mut bob) = two(&trial, &mut players).await?;
    let dawn = found(&trial, &mut ada).await?;
    let dusk = found(&trial, &mut bob).await?;
    declare(&mut ada, dusk.id).await?;
    let request = bob.next_number();
    let answer = bob
        .request(GuildWarEnd {
            request,
            guild: dawn.id,
        })
        .await?;
    let refused = matches!(&answer, Packet::Error(error) if NOT_ENTITLED.contains(&error.code));
    ensure(refused, "Error with `permission_denied`", || {
        summary(&answer)
    })?;
    both_leave(&mut ada, &mut bob).await
}

async fn war_on_nobody(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut ada = trial.log_in("ada", &mut players[0]).await?;
    found(&trial, &mut ada).await?;
    let request = ada.next_number();
    let nobody = GuildWarStart {
        request,
        guild: NOBODY,
    };
    ada.refused(nobody, &[ErrorCode::NOT_FOUND]).await?;
    leave_guild(&mut ada).await.map(drop)
}

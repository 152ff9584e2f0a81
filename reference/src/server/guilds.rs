//! Guilds: what the store says, as packets, and who else hears of it.
//!
//! In: a request of one session, which has no other one under way. Out: its answer in the session's queue, and what
//! others are told in theirs.

use super::context::Context;
use super::mailbox::Mailbox;
use super::outgoing::Outgoing;
use super::player::Player;
use super::store::{Departure, GuildError, MAX_PAGE, War};
use crate::game::{
    Error, ErrorCode, GuildInfo, GuildInvited, GuildList, GuildResult, GuildWar, GuildWarEvent,
    Packet,
};
use tracing::error;

/// Does what a packet of the group `guild` asks for.
pub(super) async fn serve(context: &Context, mailbox: &Mailbox, asked: Packet) {
    let Some(identity) = mailbox.identity() else {
        return; // the schema lets nobody ask who is not logged in
    };
    let id = asked.id();
    let (request, done) = carry_out(context, &identity.player, asked).await;
    mailbox.answer(&match done {
        Ok(Done::Guild(guild)) => Packet::from(GuildResult { request, guild }),
        Ok(Done::List { more, guilds }) => Packet::from(GuildList {
            request,
            more,
            guilds,
        }),
        Err(error) => Packet::from(Error {
            request,
            packet: id,
            code: code(error),
            text: error.to_string(),
        }),
    });
}

enum Done {
    Guild(u32),
    List { more: bool, guilds: Vec<GuildInfo> },
}

async fn carry_out(
    context: &Context,
    player: &Player,
    asked: Packet,
) -> (u32, Result<Done, GuildError>) {
    let store = &context.store;
    match asked {
        Packet::GuildCreate(asked) => {
            let made = store.create_guild(player.id, &asked.name, &asked.tag).await;
            (asked.request, made.map(Done::Guild))
        }
        Packet::GuildInvite(asked) => {
            let invited = invite(context, player, &asked.player).await;
            (asked.request, invited.map(Done::Guild))
        }
        Packet::GuildJoin(asked) => {
            let joined = store.join_guild(player.id, asked.guild).await;
            (asked.request, joined.map(|()| Done::Guild(asked.guild)))
        }
        Packet::GuildLeave(asked) => {
            let left = store.leave_guild(player.id).await;
            if let Ok(departure) = &left {
                peace(context, departure).await;
            }
            (asked.request, left.map(|left| Done::Guild(left.guild)))
        }
        Packet::GuildListRequest(asked) => {
            let page = store.list_guilds(asked.after, MAX_PAGE).await;
            let list = page.map(|page| Done::List {
                more: page.more,
                guilds: page.guilds.into_iter().map(info).collect(),
            });
            (asked.request, list)
        }
        Packet::GuildWarStart(asked) => {
            let war = store.start_war(player.id, asked.guild).await;
            if let Ok(war) = &war {
                announce(context, *war, GuildWarEvent::STARTED).await;
            }
            (asked.request, war.map(|_| Done::Guild(asked.guild)))
        }
        Packet::GuildWarEnd(asked) => {
            let war = store.end_war(player.id, asked.guild).await;
            if let Ok(war) = &war {
                announce(context, *war, GuildWarEvent::ENDED).await;
            }
            (asked.request, war.map(|_| Done::Guild(asked.guild)))
        }
        // The session gives nothing else here.
        _ => (0, Err(GuildError::InvalidArgument)),
    }
}

/// Invites a player who is online, and tells them.
async fn invite(context: &Context, by: &Player, name: &str) -> Result<u32, GuildError> {
    // By the store, which knows what names are the same.
    let found = context.store.player_named(name).await;
    let player = found.map_err(|_| GuildError::Unavailable)?;
    let player = player.ok_or(GuildError::NotFound)?.id;
    let invited = context.registry.of_player(player);
    let invited = invited.ok_or(GuildError::NotFound)?;
    let invitation = context.store.invite_to_guild(by.id, player);
    let invitation = invitation.await?;
    invited.answer(&Packet::from(GuildInvited {
        guild: invitation.guild,
        name: invitation.name,
        by: by.name.to_string(),
    }));
    Ok(invitation.guild)
}

/// Tells the enemies of a guild that has ended.
async fn peace(context: &Context, departure: &Departure) {
    for war in &departure.ended_wars {
        announce(context, *war, GuildWarEvent::ENDED).await;
    }
}

/// Tells the members of both guilds who are online.
async fn announce(context: &Context, war: War, event: GuildWarEvent) {
    let War { attacker, defender } = war;
    let mut players = Vec::new();
    for guild in [attacker, defender] {
        match context.store.guild_members(guild).await {
            Ok(members) => players.extend(members),
            // What is on is on, whether they hear of it now or see it in the list later.
            Err(error) => error!(guild, %error, "cannot tell a guild of its war"),
        }
    }
    let packet = Packet::from(GuildWar {
        event,
        attacker,
        defender,
    });
    match Outgoing::new(&packet) {
        Ok(packet) => {
            for player in players {
                if let Some(mailbox) = context.registry.of_player(player) {
                    mailbox.post(packet.clone());
                }
            }
        }
        Err(error) => error!(%error, "cannot encode the news of a war"),
    }
}

fn info(guild: super::store::Guild) -> GuildInfo {
    GuildInfo {
        id: guild.id,
        name: guild.name,
        tag: guild.tag,
        members: guild.members,
        at_war_with: guild.at_war_with,
    }
}

fn code(error: GuildError) -> ErrorCode {
    match error {
        GuildError::NotFound => ErrorCode::NOT_FOUND,
        GuildError::AlreadyExists => ErrorCode::ALREADY_EXISTS,
        GuildError::PermissionDenied => ErrorCode::PERMISSION_DENIED,
        GuildError::Full => ErrorCode::FULL,
        GuildError::InvalidArgument => ErrorCode::INVALID_ARGUMENT,
        GuildError::Unavailable => ErrorCode::UNAVAILABLE,
    }
}

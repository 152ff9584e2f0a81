//! What is done with packets that were decoded into structs of a contender's own.

use crate::Visit;

/// A decoded packet.
pub trait Fields {
    fn visit(&self, visit: &mut impl Visit) -> Option<()>;

    fn one(&self) -> Option<u64>;
}

/// Text as a contender has it. Who has mere bytes validates them here.
pub trait Text {
    fn utf8(&self) -> Option<&str>;
}

impl Text for &str {
    #[inline(always)]
    fn utf8(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for String {
    #[inline(always)]
    fn utf8(&self) -> Option<&str> {
        Some(self)
    }
}

impl Text for Vec<u8> {
    #[inline(always)]
    fn utf8(&self) -> Option<&str> {
        std::str::from_utf8(self).ok()
    }
}

/// [`Fields`] of the five structs of the module, which have the fields of the schema.
macro_rules! fields {
    ($login:ty, $chat:ty) => {
        impl $crate::contenders::fields::Fields for Move {
            #[inline(always)]
            fn visit(&self, visit: &mut impl $crate::Visit) -> Option<()> {
                visit.int(self.player);
                visit.float(self.x);
                visit.float(self.y);
                visit.float(self.z);
                Some(())
            }

            #[inline(always)]
            fn one(&self) -> Option<u64> {
                Some(self.y.to_bits().into())
            }
        }

        impl $crate::contenders::fields::Fields for Telemetry {
            #[inline(always)]
            fn visit(&self, visit: &mut impl $crate::Visit) -> Option<()> {
                visit.int(self.time);
                visit.int(self.uptime);
                visit.int(self.voltage);
                visit.int(self.current);
                visit.int(self.power);
                visit.int(self.energy);
                visit.int(self.temperature);
                visit.int(self.humidity);
                visit.int(self.pressure);
                visit.int(self.speed);
                visit.int(self.status);
                visit.int(self.mode);
                visit.int(self.battery);
                visit.int(self.signal);
                visit.int(self.fan);
                visit.int(self.alarm);
                visit.int(self.fault);
                visit.int(self.revision);
                visit.bytes(&self.device);
                Some(())
            }

            #[inline(always)]
            fn one(&self) -> Option<u64> {
                Some(self.power.into())
            }
        }

        impl $crate::contenders::fields::Fields for $login {
            #[inline(always)]
            fn visit(&self, visit: &mut impl $crate::Visit) -> Option<()> {
                use $crate::contenders::fields::Text;
                visit.int(self.accepted);
                visit.int(self.heartbeat);
                visit.int(self.user);
                visit.text(self.token.utf8()?);
                for server in &self.servers {
                    visit.int(server.id);
                    visit.text(server.name.utf8()?);
                    visit.int(server.port);
                    visit.int(server.players);
                }
                Some(())
            }

            #[inline(always)]
            fn one(&self) -> Option<u64> {
                Some(self.user)
            }
        }

        impl $crate::contenders::fields::Fields for $chat {
            #[inline(always)]
            fn visit(&self, visit: &mut impl $crate::Visit) -> Option<()> {
                use $crate::contenders::fields::Text;
                visit.int(self.channel);
                visit.text(self.sender.utf8()?);
                visit.text(self.recipient.utf8()?);
                visit.text(self.text.utf8()?);
                Some(())
            }

            #[inline(always)]
            fn one(&self) -> Option<u64> {
                use $crate::contenders::fields::Text;
                Some($crate::of_text(self.sender.utf8()?))
            }
        }

        impl $crate::contenders::fields::Fields for Snapshot {
            #[inline(always)]
            fn visit(&self, visit: &mut impl $crate::Visit) -> Option<()> {
                visit.int(self.tick);
                for entity in &self.entities {
                    visit.int(entity.id);
                    visit.float(entity.x);
                    visit.float(entity.y);
                    visit.float(entity.z);
                    visit.int(entity.yaw);
                    visit.int(entity.health);
                }
                Some(())
            }

            #[inline(always)]
            fn one(&self) -> Option<u64> {
                Some(self.entities.get($crate::ONE)?.y.to_bits().into())
            }
        }
    };
}

/// One packet of a contender that encodes and decodes all by the same functions `encode` and `decode`.
/// What borrows from the bytes is named with `<'_>`.
macro_rules! contender {
    ($contender:ident, $packet:ident, $own:ident) => {
        $crate::contenders::fields::contender! { $contender, $packet, $own, $own }
    };
    ($contender:ident, $packet:ident, $own:ident<'_>) => {
        $crate::contenders::fields::contender! { $contender, $packet, $own<'static>, $own<'_> }
    };
    ($contender:ident, $packet:ident, $value:ty, $own:ty) => {
        impl $crate::Contender<$crate::$packet> for $contender {
            type Value = $value;

            fn value(packet: &'static $crate::$packet) -> Self::Value {
                packet.into()
            }

            #[inline(always)]
            fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
                let length = encode(value, buffer)?;
                buffer.get(..length)
            }

            #[inline(always)]
            fn decode(bytes: &[u8], visit: &mut impl $crate::Visit) -> Option<()> {
                let packet: $own = decode(bytes)?;
                $crate::contenders::fields::Fields::visit(&packet, visit)
            }

            #[inline(always)]
            fn one(bytes: &[u8]) -> Option<u64> {
                let packet: $own = decode(bytes)?;
                $crate::contenders::fields::Fields::one(&packet)
            }
        }
    };
}

pub(crate) use {contender, fields};

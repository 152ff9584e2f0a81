// Made by `planus rust` 1.3.0 from schemas/contest.fbs, without the derives of serde.

pub use root::*;

const _: () = ::planus::check_version_compatibility("planus-1.3.0");

/// The root namespace
///
/// Generated from these locations:
/// * File `contest.fbs`
#[no_implicit_prelude]
#[allow(clippy::needless_lifetimes)]
mod root {
    /// The namespace `contest`
    ///
    /// Generated from these locations:
    /// * File `contest.fbs`
    pub mod contest {
        /// The table `Move` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Table `Move` in the file `contest.fbs:4`
        #[derive(Clone, Debug, PartialEq, PartialOrd)]
        pub struct Move {
            /// The field `player` in the table `Move`
            pub player: u32,
            /// The field `x` in the table `Move`
            pub x: f32,
            /// The field `y` in the table `Move`
            pub y: f32,
            /// The field `z` in the table `Move`
            pub z: f32,
        }

        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for Move {
            fn default() -> Self {
                Self {
                    player: 0,
                    x: 0.0,
                    y: 0.0,
                    z: 0.0,
                }
            }
        }

        impl Move {
            /// Creates a [MoveBuilder] for serializing an instance of this table.
            #[inline]
            pub fn builder() -> MoveBuilder<()> {
                MoveBuilder(())
            }

            #[allow(clippy::too_many_arguments)]
            pub fn create(
                builder: &mut ::planus::Builder,
                field_player: impl ::planus::WriteAsDefault<u32, u32>,
                field_x: impl ::planus::WriteAsDefault<f32, f32>,
                field_y: impl ::planus::WriteAsDefault<f32, f32>,
                field_z: impl ::planus::WriteAsDefault<f32, f32>,
            ) -> ::planus::Offset<Self> {
                let prepared_player = field_player.prepare(builder, &0);
                let prepared_x = field_x.prepare(builder, &0.0);
                let prepared_y = field_y.prepare(builder, &0.0);
                let prepared_z = field_z.prepare(builder, &0.0);

                let mut table_writer: ::planus::table_writer::TableWriter<12> =
                    ::core::default::Default::default();
                if prepared_player.is_some() {
                    table_writer.write_entry::<u32>(0);
                }
                if prepared_x.is_some() {
                    table_writer.write_entry::<f32>(1);
                }
                if prepared_y.is_some() {
                    table_writer.write_entry::<f32>(2);
                }
                if prepared_z.is_some() {
                    table_writer.write_entry::<f32>(3);
                }

                unsafe {
                    table_writer.finish(builder, |object_writer| {
                        if let ::core::option::Option::Some(prepared_player) = prepared_player {
                            object_writer.write::<_, _, 4>(&prepared_player);
                        }
                        if let ::core::option::Option::Some(prepared_x) = prepared_x {
                            object_writer.write::<_, _, 4>(&prepared_x);
                        }
                        if let ::core::option::Option::Some(prepared_y) = prepared_y {
                            object_writer.write::<_, _, 4>(&prepared_y);
                        }
                        if let ::core::option::Option::Some(prepared_z) = prepared_z {
                            object_writer.write::<_, _, 4>(&prepared_z);
                        }
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<::planus::Offset<Move>> for Move {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Move> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl ::planus::WriteAsOptional<::planus::Offset<Move>> for Move {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Move>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl ::planus::WriteAsOffset<Move> for Move {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Move> {
                Move::create(builder, self.player, self.x, self.y, self.z)
            }
        }

        /// Builder for serializing an instance of the [Move] type.
        ///
        /// Can be created using the [Move::builder] method.
        #[derive(Debug)]
        #[must_use]
        pub struct MoveBuilder<State>(State);

        impl MoveBuilder<()> {
            /// Setter for the [`player` field](Move#structfield.player).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn player<T0>(self, value: T0) -> MoveBuilder<(T0,)>
            where
                T0: ::planus::WriteAsDefault<u32, u32>,
            {
                MoveBuilder((value,))
            }

            /// Sets the [`player` field](Move#structfield.player) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn player_as_default(self) -> MoveBuilder<(::planus::DefaultValue,)> {
                self.player(::planus::DefaultValue)
            }
        }

        impl<T0> MoveBuilder<(T0,)> {
            /// Setter for the [`x` field](Move#structfield.x).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn x<T1>(self, value: T1) -> MoveBuilder<(T0, T1)>
            where
                T1: ::planus::WriteAsDefault<f32, f32>,
            {
                let (v0,) = self.0;
                MoveBuilder((v0, value))
            }

            /// Sets the [`x` field](Move#structfield.x) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn x_as_default(self) -> MoveBuilder<(T0, ::planus::DefaultValue)> {
                self.x(::planus::DefaultValue)
            }
        }

        impl<T0, T1> MoveBuilder<(T0, T1)> {
            /// Setter for the [`y` field](Move#structfield.y).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn y<T2>(self, value: T2) -> MoveBuilder<(T0, T1, T2)>
            where
                T2: ::planus::WriteAsDefault<f32, f32>,
            {
                let (v0, v1) = self.0;
                MoveBuilder((v0, v1, value))
            }

            /// Sets the [`y` field](Move#structfield.y) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn y_as_default(self) -> MoveBuilder<(T0, T1, ::planus::DefaultValue)> {
                self.y(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2> MoveBuilder<(T0, T1, T2)> {
            /// Setter for the [`z` field](Move#structfield.z).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn z<T3>(self, value: T3) -> MoveBuilder<(T0, T1, T2, T3)>
            where
                T3: ::planus::WriteAsDefault<f32, f32>,
            {
                let (v0, v1, v2) = self.0;
                MoveBuilder((v0, v1, v2, value))
            }

            /// Sets the [`z` field](Move#structfield.z) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn z_as_default(self) -> MoveBuilder<(T0, T1, T2, ::planus::DefaultValue)> {
                self.z(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3> MoveBuilder<(T0, T1, T2, T3)> {
            /// Finish writing the builder to get an [Offset](::planus::Offset) to a serialized [Move].
            #[inline]
            pub fn finish(self, builder: &mut ::planus::Builder) -> ::planus::Offset<Move>
            where
                Self: ::planus::WriteAsOffset<Move>,
            {
                ::planus::WriteAsOffset::prepare(&self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u32, u32>,
                T1: ::planus::WriteAsDefault<f32, f32>,
                T2: ::planus::WriteAsDefault<f32, f32>,
                T3: ::planus::WriteAsDefault<f32, f32>,
            > ::planus::WriteAs<::planus::Offset<Move>> for MoveBuilder<(T0, T1, T2, T3)>
        {
            type Prepared = ::planus::Offset<Move>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Move> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u32, u32>,
                T1: ::planus::WriteAsDefault<f32, f32>,
                T2: ::planus::WriteAsDefault<f32, f32>,
                T3: ::planus::WriteAsDefault<f32, f32>,
            > ::planus::WriteAsOptional<::planus::Offset<Move>> for MoveBuilder<(T0, T1, T2, T3)>
        {
            type Prepared = ::planus::Offset<Move>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Move>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u32, u32>,
                T1: ::planus::WriteAsDefault<f32, f32>,
                T2: ::planus::WriteAsDefault<f32, f32>,
                T3: ::planus::WriteAsDefault<f32, f32>,
            > ::planus::WriteAsOffset<Move> for MoveBuilder<(T0, T1, T2, T3)>
        {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Move> {
                let (v0, v1, v2, v3) = &self.0;
                Move::create(builder, v0, v1, v2, v3)
            }
        }

        /// Reference to a deserialized [Move].
        #[derive(Copy, Clone)]
        pub struct MoveRef<'a>(#[allow(dead_code)] ::planus::table_reader::Table<'a>);

        impl<'a> MoveRef<'a> {
            /// Getter for the [`player` field](Move#structfield.player).
            #[inline]
            pub fn player(&self) -> ::planus::Result<u32> {
                ::core::result::Result::Ok(self.0.access(0, "Move", "player")?.unwrap_or(0))
            }

            /// Getter for the [`x` field](Move#structfield.x).
            #[inline]
            pub fn x(&self) -> ::planus::Result<f32> {
                ::core::result::Result::Ok(self.0.access(1, "Move", "x")?.unwrap_or(0.0))
            }

            /// Getter for the [`y` field](Move#structfield.y).
            #[inline]
            pub fn y(&self) -> ::planus::Result<f32> {
                ::core::result::Result::Ok(self.0.access(2, "Move", "y")?.unwrap_or(0.0))
            }

            /// Getter for the [`z` field](Move#structfield.z).
            #[inline]
            pub fn z(&self) -> ::planus::Result<f32> {
                ::core::result::Result::Ok(self.0.access(3, "Move", "z")?.unwrap_or(0.0))
            }
        }

        impl<'a> ::core::fmt::Debug for MoveRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("MoveRef");
                f.field("player", &self.player());
                f.field("x", &self.x());
                f.field("y", &self.y());
                f.field("z", &self.z());
                f.finish()
            }
        }

        impl<'a> ::core::convert::TryFrom<MoveRef<'a>> for Move {
            type Error = ::planus::Error;

            #[allow(unreachable_code)]
            fn try_from(value: MoveRef<'a>) -> ::planus::Result<Self> {
                ::core::result::Result::Ok(Self {
                    player: ::core::convert::TryInto::try_into(value.player()?)?,
                    x: ::core::convert::TryInto::try_into(value.x()?)?,
                    y: ::core::convert::TryInto::try_into(value.y()?)?,
                    z: ::core::convert::TryInto::try_into(value.z()?)?,
                })
            }
        }

        impl<'a> ::planus::TableRead<'a> for MoveRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                ::core::result::Result::Ok(Self(::planus::table_reader::Table::from_buffer(
                    buffer, offset,
                )?))
            }
        }

        impl<'a> ::planus::VectorReadInner<'a> for MoveRef<'a> {
            type Error = ::planus::Error;
            const STRIDE: usize = 4;

            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(buffer, offset).map_err(|error_kind| {
                    error_kind.with_error_location("[MoveRef]", "get", buffer.offset_from_start)
                })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<::planus::Offset<Move>> for Move {
            type Value = ::planus::Offset<Move>;
            const STRIDE: usize = 4;
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> Self::Value {
                ::planus::WriteAs::prepare(self, builder)
            }

            #[inline]
            unsafe fn write_values(
                values: &[::planus::Offset<Move>],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 4];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (Self::STRIDE * i) as u32,
                    );
                }
            }
        }

        impl<'a> ::planus::ReadAsRoot<'a> for MoveRef<'a> {
            fn read_as_root(slice: &'a [u8]) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(
                    ::planus::SliceWithStartOffset {
                        buffer: slice,
                        offset_from_start: 0,
                    },
                    0,
                )
                .map_err(|error_kind| {
                    error_kind.with_error_location("[MoveRef]", "read_as_root", 0)
                })
            }
        }

        /// The table `Telemetry` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Table `Telemetry` in the file `contest.fbs:6`
        #[derive(
            Clone,
            Debug,
            PartialEq,
            PartialOrd,
            Eq,
            Ord,
            Hash,
        )]
        pub struct Telemetry {
            /// The field `time` in the table `Telemetry`
            pub time: u64,
            /// The field `uptime` in the table `Telemetry`
            pub uptime: u64,
            /// The field `voltage` in the table `Telemetry`
            pub voltage: u32,
            /// The field `current` in the table `Telemetry`
            pub current: u32,
            /// The field `power` in the table `Telemetry`
            pub power: u32,
            /// The field `energy` in the table `Telemetry`
            pub energy: u32,
            /// The field `temperature` in the table `Telemetry`
            pub temperature: u16,
            /// The field `humidity` in the table `Telemetry`
            pub humidity: u16,
            /// The field `pressure` in the table `Telemetry`
            pub pressure: u16,
            /// The field `speed` in the table `Telemetry`
            pub speed: u16,
            /// The field `status` in the table `Telemetry`
            pub status: u8,
            /// The field `mode` in the table `Telemetry`
            pub mode: u8,
            /// The field `battery` in the table `Telemetry`
            pub battery: u8,
            /// The field `signal` in the table `Telemetry`
            pub signal: u8,
            /// The field `fan` in the table `Telemetry`
            pub fan: u8,
            /// The field `alarm` in the table `Telemetry`
            pub alarm: u8,
            /// The field `fault` in the table `Telemetry`
            pub fault: u8,
            /// The field `revision` in the table `Telemetry`
            pub revision: u8,
            /// The field `device` in the table `Telemetry`
            pub device: ::core::option::Option<::planus::alloc::vec::Vec<u8>>,
        }

        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for Telemetry {
            fn default() -> Self {
                Self {
                    time: 0,
                    uptime: 0,
                    voltage: 0,
                    current: 0,
                    power: 0,
                    energy: 0,
                    temperature: 0,
                    humidity: 0,
                    pressure: 0,
                    speed: 0,
                    status: 0,
                    mode: 0,
                    battery: 0,
                    signal: 0,
                    fan: 0,
                    alarm: 0,
                    fault: 0,
                    revision: 0,
                    device: ::core::default::Default::default(),
                }
            }
        }

        impl Telemetry {
            /// Creates a [TelemetryBuilder] for serializing an instance of this table.
            #[inline]
            pub fn builder() -> TelemetryBuilder<()> {
                TelemetryBuilder(())
            }

            #[allow(clippy::too_many_arguments)]
            pub fn create(
                builder: &mut ::planus::Builder,
                field_time: impl ::planus::WriteAsDefault<u64, u64>,
                field_uptime: impl ::planus::WriteAsDefault<u64, u64>,
                field_voltage: impl ::planus::WriteAsDefault<u32, u32>,
                field_current: impl ::planus::WriteAsDefault<u32, u32>,
                field_power: impl ::planus::WriteAsDefault<u32, u32>,
                field_energy: impl ::planus::WriteAsDefault<u32, u32>,
                field_temperature: impl ::planus::WriteAsDefault<u16, u16>,
                field_humidity: impl ::planus::WriteAsDefault<u16, u16>,
                field_pressure: impl ::planus::WriteAsDefault<u16, u16>,
                field_speed: impl ::planus::WriteAsDefault<u16, u16>,
                field_status: impl ::planus::WriteAsDefault<u8, u8>,
                field_mode: impl ::planus::WriteAsDefault<u8, u8>,
                field_battery: impl ::planus::WriteAsDefault<u8, u8>,
                field_signal: impl ::planus::WriteAsDefault<u8, u8>,
                field_fan: impl ::planus::WriteAsDefault<u8, u8>,
                field_alarm: impl ::planus::WriteAsDefault<u8, u8>,
                field_fault: impl ::planus::WriteAsDefault<u8, u8>,
                field_revision: impl ::planus::WriteAsDefault<u8, u8>,
                field_device: impl ::planus::WriteAsOptional<::planus::Offset<[u8]>>,
            ) -> ::planus::Offset<Self> {
                let prepared_time = field_time.prepare(builder, &0);
                let prepared_uptime = field_uptime.prepare(builder, &0);
                let prepared_voltage = field_voltage.prepare(builder, &0);
                let prepared_current = field_current.prepare(builder, &0);
                let prepared_power = field_power.prepare(builder, &0);
                let prepared_energy = field_energy.prepare(builder, &0);
                let prepared_temperature = field_temperature.prepare(builder, &0);
                let prepared_humidity = field_humidity.prepare(builder, &0);
                let prepared_pressure = field_pressure.prepare(builder, &0);
                let prepared_speed = field_speed.prepare(builder, &0);
                let prepared_status = field_status.prepare(builder, &0);
                let prepared_mode = field_mode.prepare(builder, &0);
                let prepared_battery = field_battery.prepare(builder, &0);
                let prepared_signal = field_signal.prepare(builder, &0);
                let prepared_fan = field_fan.prepare(builder, &0);
                let prepared_alarm = field_alarm.prepare(builder, &0);
                let prepared_fault = field_fault.prepare(builder, &0);
                let prepared_revision = field_revision.prepare(builder, &0);
                let prepared_device = field_device.prepare(builder);

                let mut table_writer: ::planus::table_writer::TableWriter<42> =
                    ::core::default::Default::default();
                if prepared_time.is_some() {
                    table_writer.write_entry::<u64>(0);
                }
                if prepared_uptime.is_some() {
                    table_writer.write_entry::<u64>(1);
                }
                if prepared_voltage.is_some() {
                    table_writer.write_entry::<u32>(2);
                }
                if prepared_current.is_some() {
                    table_writer.write_entry::<u32>(3);
                }
                if prepared_power.is_some() {
                    table_writer.write_entry::<u32>(4);
                }
                if prepared_energy.is_some() {
                    table_writer.write_entry::<u32>(5);
                }
                if prepared_device.is_some() {
                    table_writer.write_entry::<::planus::Offset<[u8]>>(18);
                }
                if prepared_temperature.is_some() {
                    table_writer.write_entry::<u16>(6);
                }
                if prepared_humidity.is_some() {
                    table_writer.write_entry::<u16>(7);
                }
                if prepared_pressure.is_some() {
                    table_writer.write_entry::<u16>(8);
                }
                if prepared_speed.is_some() {
                    table_writer.write_entry::<u16>(9);
                }
                if prepared_status.is_some() {
                    table_writer.write_entry::<u8>(10);
                }
                if prepared_mode.is_some() {
                    table_writer.write_entry::<u8>(11);
                }
                if prepared_battery.is_some() {
                    table_writer.write_entry::<u8>(12);
                }
                if prepared_signal.is_some() {
                    table_writer.write_entry::<u8>(13);
                }
                if prepared_fan.is_some() {
                    table_writer.write_entry::<u8>(14);
                }
                if prepared_alarm.is_some() {
                    table_writer.write_entry::<u8>(15);
                }
                if prepared_fault.is_some() {
                    table_writer.write_entry::<u8>(16);
                }
                if prepared_revision.is_some() {
                    table_writer.write_entry::<u8>(17);
                }

                unsafe {
                    table_writer.finish(builder, |object_writer| {
                        if let ::core::option::Option::Some(prepared_time) = prepared_time {
                            object_writer.write::<_, _, 8>(&prepared_time);
                        }
                        if let ::core::option::Option::Some(prepared_uptime) = prepared_uptime {
                            object_writer.write::<_, _, 8>(&prepared_uptime);
                        }
                        if let ::core::option::Option::Some(prepared_voltage) = prepared_voltage {
                            object_writer.write::<_, _, 4>(&prepared_voltage);
                        }
                        if let ::core::option::Option::Some(prepared_current) = prepared_current {
                            object_writer.write::<_, _, 4>(&prepared_current);
                        }
                        if let ::core::option::Option::Some(prepared_power) = prepared_power {
                            object_writer.write::<_, _, 4>(&prepared_power);
                        }
                        if let ::core::option::Option::Some(prepared_energy) = prepared_energy {
                            object_writer.write::<_, _, 4>(&prepared_energy);
                        }
                        if let ::core::option::Option::Some(prepared_device) = prepared_device {
                            object_writer.write::<_, _, 4>(&prepared_device);
                        }
                        if let ::core::option::Option::Some(prepared_temperature) =
                            prepared_temperature
                        {
                            object_writer.write::<_, _, 2>(&prepared_temperature);
                        }
                        if let ::core::option::Option::Some(prepared_humidity) = prepared_humidity {
                            object_writer.write::<_, _, 2>(&prepared_humidity);
                        }
                        if let ::core::option::Option::Some(prepared_pressure) = prepared_pressure {
                            object_writer.write::<_, _, 2>(&prepared_pressure);
                        }
                        if let ::core::option::Option::Some(prepared_speed) = prepared_speed {
                            object_writer.write::<_, _, 2>(&prepared_speed);
                        }
                        if let ::core::option::Option::Some(prepared_status) = prepared_status {
                            object_writer.write::<_, _, 1>(&prepared_status);
                        }
                        if let ::core::option::Option::Some(prepared_mode) = prepared_mode {
                            object_writer.write::<_, _, 1>(&prepared_mode);
                        }
                        if let ::core::option::Option::Some(prepared_battery) = prepared_battery {
                            object_writer.write::<_, _, 1>(&prepared_battery);
                        }
                        if let ::core::option::Option::Some(prepared_signal) = prepared_signal {
                            object_writer.write::<_, _, 1>(&prepared_signal);
                        }
                        if let ::core::option::Option::Some(prepared_fan) = prepared_fan {
                            object_writer.write::<_, _, 1>(&prepared_fan);
                        }
                        if let ::core::option::Option::Some(prepared_alarm) = prepared_alarm {
                            object_writer.write::<_, _, 1>(&prepared_alarm);
                        }
                        if let ::core::option::Option::Some(prepared_fault) = prepared_fault {
                            object_writer.write::<_, _, 1>(&prepared_fault);
                        }
                        if let ::core::option::Option::Some(prepared_revision) = prepared_revision {
                            object_writer.write::<_, _, 1>(&prepared_revision);
                        }
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<::planus::Offset<Telemetry>> for Telemetry {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Telemetry> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl ::planus::WriteAsOptional<::planus::Offset<Telemetry>> for Telemetry {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Telemetry>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl ::planus::WriteAsOffset<Telemetry> for Telemetry {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Telemetry> {
                Telemetry::create(
                    builder,
                    self.time,
                    self.uptime,
                    self.voltage,
                    self.current,
                    self.power,
                    self.energy,
                    self.temperature,
                    self.humidity,
                    self.pressure,
                    self.speed,
                    self.status,
                    self.mode,
                    self.battery,
                    self.signal,
                    self.fan,
                    self.alarm,
                    self.fault,
                    self.revision,
                    &self.device,
                )
            }
        }

        /// Builder for serializing an instance of the [Telemetry] type.
        ///
        /// Can be created using the [Telemetry::builder] method.
        #[derive(Debug)]
        #[must_use]
        pub struct TelemetryBuilder<State>(State);

        impl TelemetryBuilder<()> {
            /// Setter for the [`time` field](Telemetry#structfield.time).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn time<T0>(self, value: T0) -> TelemetryBuilder<(T0,)>
            where
                T0: ::planus::WriteAsDefault<u64, u64>,
            {
                TelemetryBuilder((value,))
            }

            /// Sets the [`time` field](Telemetry#structfield.time) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn time_as_default(self) -> TelemetryBuilder<(::planus::DefaultValue,)> {
                self.time(::planus::DefaultValue)
            }
        }

        impl<T0> TelemetryBuilder<(T0,)> {
            /// Setter for the [`uptime` field](Telemetry#structfield.uptime).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn uptime<T1>(self, value: T1) -> TelemetryBuilder<(T0, T1)>
            where
                T1: ::planus::WriteAsDefault<u64, u64>,
            {
                let (v0,) = self.0;
                TelemetryBuilder((v0, value))
            }

            /// Sets the [`uptime` field](Telemetry#structfield.uptime) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn uptime_as_default(self) -> TelemetryBuilder<(T0, ::planus::DefaultValue)> {
                self.uptime(::planus::DefaultValue)
            }
        }

        impl<T0, T1> TelemetryBuilder<(T0, T1)> {
            /// Setter for the [`voltage` field](Telemetry#structfield.voltage).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn voltage<T2>(self, value: T2) -> TelemetryBuilder<(T0, T1, T2)>
            where
                T2: ::planus::WriteAsDefault<u32, u32>,
            {
                let (v0, v1) = self.0;
                TelemetryBuilder((v0, v1, value))
            }

            /// Sets the [`voltage` field](Telemetry#structfield.voltage) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn voltage_as_default(self) -> TelemetryBuilder<(T0, T1, ::planus::DefaultValue)> {
                self.voltage(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2> TelemetryBuilder<(T0, T1, T2)> {
            /// Setter for the [`current` field](Telemetry#structfield.current).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn current<T3>(self, value: T3) -> TelemetryBuilder<(T0, T1, T2, T3)>
            where
                T3: ::planus::WriteAsDefault<u32, u32>,
            {
                let (v0, v1, v2) = self.0;
                TelemetryBuilder((v0, v1, v2, value))
            }

            /// Sets the [`current` field](Telemetry#structfield.current) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn current_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, ::planus::DefaultValue)> {
                self.current(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3> TelemetryBuilder<(T0, T1, T2, T3)> {
            /// Setter for the [`power` field](Telemetry#structfield.power).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn power<T4>(self, value: T4) -> TelemetryBuilder<(T0, T1, T2, T3, T4)>
            where
                T4: ::planus::WriteAsDefault<u32, u32>,
            {
                let (v0, v1, v2, v3) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, value))
            }

            /// Sets the [`power` field](Telemetry#structfield.power) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn power_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, ::planus::DefaultValue)> {
                self.power(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4> TelemetryBuilder<(T0, T1, T2, T3, T4)> {
            /// Setter for the [`energy` field](Telemetry#structfield.energy).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn energy<T5>(self, value: T5) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5)>
            where
                T5: ::planus::WriteAsDefault<u32, u32>,
            {
                let (v0, v1, v2, v3, v4) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, value))
            }

            /// Sets the [`energy` field](Telemetry#structfield.energy) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn energy_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, ::planus::DefaultValue)> {
                self.energy(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5> TelemetryBuilder<(T0, T1, T2, T3, T4, T5)> {
            /// Setter for the [`temperature` field](Telemetry#structfield.temperature).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn temperature<T6>(
                self,
                value: T6,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6)>
            where
                T6: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0, v1, v2, v3, v4, v5) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, value))
            }

            /// Sets the [`temperature` field](Telemetry#structfield.temperature) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn temperature_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, ::planus::DefaultValue)> {
                self.temperature(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6)> {
            /// Setter for the [`humidity` field](Telemetry#structfield.humidity).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn humidity<T7>(
                self,
                value: T7,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7)>
            where
                T7: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0, v1, v2, v3, v4, v5, v6) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, value))
            }

            /// Sets the [`humidity` field](Telemetry#structfield.humidity) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn humidity_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, ::planus::DefaultValue)>
            {
                self.humidity(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7)> {
            /// Setter for the [`pressure` field](Telemetry#structfield.pressure).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn pressure<T8>(
                self,
                value: T8,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8)>
            where
                T8: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, v7, value))
            }

            /// Sets the [`pressure` field](Telemetry#structfield.pressure) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn pressure_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, ::planus::DefaultValue)>
            {
                self.pressure(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8)> {
            /// Setter for the [`speed` field](Telemetry#structfield.speed).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn speed<T9>(
                self,
                value: T9,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9)>
            where
                T9: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, v7, v8, value))
            }

            /// Sets the [`speed` field](Telemetry#structfield.speed) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn speed_as_default(
                self,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, ::planus::DefaultValue)>
            {
                self.speed(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>
            TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9)>
        {
            /// Setter for the [`status` field](Telemetry#structfield.status).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn status<T10>(
                self,
                value: T10,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10)>
            where
                T10: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, value))
            }

            /// Sets the [`status` field](Telemetry#structfield.status) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn status_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                ::planus::DefaultValue,
            )> {
                self.status(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
            TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10)>
        {
            /// Setter for the [`mode` field](Telemetry#structfield.mode).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn mode<T11>(
                self,
                value: T11,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11)>
            where
                T11: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, value))
            }

            /// Sets the [`mode` field](Telemetry#structfield.mode) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn mode_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                ::planus::DefaultValue,
            )> {
                self.mode(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
            TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11)>
        {
            /// Setter for the [`battery` field](Telemetry#structfield.battery).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn battery<T12>(
                self,
                value: T12,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12)>
            where
                T12: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, value))
            }

            /// Sets the [`battery` field](Telemetry#structfield.battery) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn battery_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                ::planus::DefaultValue,
            )> {
                self.battery(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
            TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12)>
        {
            /// Setter for the [`signal` field](Telemetry#structfield.signal).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn signal<T13>(
                self,
                value: T13,
            ) -> TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13)>
            where
                T13: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12) = self.0;
                TelemetryBuilder((v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, value))
            }

            /// Sets the [`signal` field](Telemetry#structfield.signal) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn signal_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                ::planus::DefaultValue,
            )> {
                self.signal(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
            TelemetryBuilder<(T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13)>
        {
            /// Setter for the [`fan` field](Telemetry#structfield.fan).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn fan<T14>(
                self,
                value: T14,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
            )>
            where
                T14: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13) = self.0;
                TelemetryBuilder((
                    v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, value,
                ))
            }

            /// Sets the [`fan` field](Telemetry#structfield.fan) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn fan_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                ::planus::DefaultValue,
            )> {
                self.fan(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
            TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
            )>
        {
            /// Setter for the [`alarm` field](Telemetry#structfield.alarm).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn alarm<T15>(
                self,
                value: T15,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
            )>
            where
                T15: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14) = self.0;
                TelemetryBuilder((
                    v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, value,
                ))
            }

            /// Sets the [`alarm` field](Telemetry#structfield.alarm) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn alarm_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                ::planus::DefaultValue,
            )> {
                self.alarm(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15>
            TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
            )>
        {
            /// Setter for the [`fault` field](Telemetry#structfield.fault).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn fault<T16>(
                self,
                value: T16,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
            )>
            where
                T16: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15) = self.0;
                TelemetryBuilder((
                    v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, value,
                ))
            }

            /// Sets the [`fault` field](Telemetry#structfield.fault) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn fault_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                ::planus::DefaultValue,
            )> {
                self.fault(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16>
            TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
            )>
        {
            /// Setter for the [`revision` field](Telemetry#structfield.revision).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn revision<T17>(
                self,
                value: T17,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
            )>
            where
                T17: ::planus::WriteAsDefault<u8, u8>,
            {
                let (v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16) =
                    self.0;
                TelemetryBuilder((
                    v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16,
                    value,
                ))
            }

            /// Sets the [`revision` field](Telemetry#structfield.revision) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn revision_as_default(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                ::planus::DefaultValue,
            )> {
                self.revision(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15, T16, T17>
            TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
            )>
        {
            /// Setter for the [`device` field](Telemetry#structfield.device).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn device<T18>(
                self,
                value: T18,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                T18,
            )>
            where
                T18: ::planus::WriteAsOptional<::planus::Offset<[u8]>>,
            {
                let (
                    v0,
                    v1,
                    v2,
                    v3,
                    v4,
                    v5,
                    v6,
                    v7,
                    v8,
                    v9,
                    v10,
                    v11,
                    v12,
                    v13,
                    v14,
                    v15,
                    v16,
                    v17,
                ) = self.0;
                TelemetryBuilder((
                    v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17,
                    value,
                ))
            }

            /// Sets the [`device` field](Telemetry#structfield.device) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn device_as_null(
                self,
            ) -> TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                (),
            )> {
                self.device(())
            }
        }

        impl<
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                T18,
            >
            TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                T18,
            )>
        {
            /// Finish writing the builder to get an [Offset](::planus::Offset) to a serialized [Telemetry].
            #[inline]
            pub fn finish(self, builder: &mut ::planus::Builder) -> ::planus::Offset<Telemetry>
            where
                Self: ::planus::WriteAsOffset<Telemetry>,
            {
                ::planus::WriteAsOffset::prepare(&self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u64, u64>,
                T1: ::planus::WriteAsDefault<u64, u64>,
                T2: ::planus::WriteAsDefault<u32, u32>,
                T3: ::planus::WriteAsDefault<u32, u32>,
                T4: ::planus::WriteAsDefault<u32, u32>,
                T5: ::planus::WriteAsDefault<u32, u32>,
                T6: ::planus::WriteAsDefault<u16, u16>,
                T7: ::planus::WriteAsDefault<u16, u16>,
                T8: ::planus::WriteAsDefault<u16, u16>,
                T9: ::planus::WriteAsDefault<u16, u16>,
                T10: ::planus::WriteAsDefault<u8, u8>,
                T11: ::planus::WriteAsDefault<u8, u8>,
                T12: ::planus::WriteAsDefault<u8, u8>,
                T13: ::planus::WriteAsDefault<u8, u8>,
                T14: ::planus::WriteAsDefault<u8, u8>,
                T15: ::planus::WriteAsDefault<u8, u8>,
                T16: ::planus::WriteAsDefault<u8, u8>,
                T17: ::planus::WriteAsDefault<u8, u8>,
                T18: ::planus::WriteAsOptional<::planus::Offset<[u8]>>,
            > ::planus::WriteAs<::planus::Offset<Telemetry>>
            for TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                T18,
            )>
        {
            type Prepared = ::planus::Offset<Telemetry>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Telemetry> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u64, u64>,
                T1: ::planus::WriteAsDefault<u64, u64>,
                T2: ::planus::WriteAsDefault<u32, u32>,
                T3: ::planus::WriteAsDefault<u32, u32>,
                T4: ::planus::WriteAsDefault<u32, u32>,
                T5: ::planus::WriteAsDefault<u32, u32>,
                T6: ::planus::WriteAsDefault<u16, u16>,
                T7: ::planus::WriteAsDefault<u16, u16>,
                T8: ::planus::WriteAsDefault<u16, u16>,
                T9: ::planus::WriteAsDefault<u16, u16>,
                T10: ::planus::WriteAsDefault<u8, u8>,
                T11: ::planus::WriteAsDefault<u8, u8>,
                T12: ::planus::WriteAsDefault<u8, u8>,
                T13: ::planus::WriteAsDefault<u8, u8>,
                T14: ::planus::WriteAsDefault<u8, u8>,
                T15: ::planus::WriteAsDefault<u8, u8>,
                T16: ::planus::WriteAsDefault<u8, u8>,
                T17: ::planus::WriteAsDefault<u8, u8>,
                T18: ::planus::WriteAsOptional<::planus::Offset<[u8]>>,
            > ::planus::WriteAsOptional<::planus::Offset<Telemetry>>
            for TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                T18,
            )>
        {
            type Prepared = ::planus::Offset<Telemetry>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Telemetry>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u64, u64>,
                T1: ::planus::WriteAsDefault<u64, u64>,
                T2: ::planus::WriteAsDefault<u32, u32>,
                T3: ::planus::WriteAsDefault<u32, u32>,
                T4: ::planus::WriteAsDefault<u32, u32>,
                T5: ::planus::WriteAsDefault<u32, u32>,
                T6: ::planus::WriteAsDefault<u16, u16>,
                T7: ::planus::WriteAsDefault<u16, u16>,
                T8: ::planus::WriteAsDefault<u16, u16>,
                T9: ::planus::WriteAsDefault<u16, u16>,
                T10: ::planus::WriteAsDefault<u8, u8>,
                T11: ::planus::WriteAsDefault<u8, u8>,
                T12: ::planus::WriteAsDefault<u8, u8>,
                T13: ::planus::WriteAsDefault<u8, u8>,
                T14: ::planus::WriteAsDefault<u8, u8>,
                T15: ::planus::WriteAsDefault<u8, u8>,
                T16: ::planus::WriteAsDefault<u8, u8>,
                T17: ::planus::WriteAsDefault<u8, u8>,
                T18: ::planus::WriteAsOptional<::planus::Offset<[u8]>>,
            > ::planus::WriteAsOffset<Telemetry>
            for TelemetryBuilder<(
                T0,
                T1,
                T2,
                T3,
                T4,
                T5,
                T6,
                T7,
                T8,
                T9,
                T10,
                T11,
                T12,
                T13,
                T14,
                T15,
                T16,
                T17,
                T18,
            )>
        {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Telemetry> {
                let (
                    v0,
                    v1,
                    v2,
                    v3,
                    v4,
                    v5,
                    v6,
                    v7,
                    v8,
                    v9,
                    v10,
                    v11,
                    v12,
                    v13,
                    v14,
                    v15,
                    v16,
                    v17,
                    v18,
                ) = &self.0;
                Telemetry::create(
                    builder, v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15,
                    v16, v17, v18,
                )
            }
        }

        /// Reference to a deserialized [Telemetry].
        #[derive(Copy, Clone)]
        pub struct TelemetryRef<'a>(#[allow(dead_code)] ::planus::table_reader::Table<'a>);

        impl<'a> TelemetryRef<'a> {
            /// Getter for the [`time` field](Telemetry#structfield.time).
            #[inline]
            pub fn time(&self) -> ::planus::Result<u64> {
                ::core::result::Result::Ok(self.0.access(0, "Telemetry", "time")?.unwrap_or(0))
            }

            /// Getter for the [`uptime` field](Telemetry#structfield.uptime).
            #[inline]
            pub fn uptime(&self) -> ::planus::Result<u64> {
                ::core::result::Result::Ok(self.0.access(1, "Telemetry", "uptime")?.unwrap_or(0))
            }

            /// Getter for the [`voltage` field](Telemetry#structfield.voltage).
            #[inline]
            pub fn voltage(&self) -> ::planus::Result<u32> {
                ::core::result::Result::Ok(self.0.access(2, "Telemetry", "voltage")?.unwrap_or(0))
            }

            /// Getter for the [`current` field](Telemetry#structfield.current).
            #[inline]
            pub fn current(&self) -> ::planus::Result<u32> {
                ::core::result::Result::Ok(self.0.access(3, "Telemetry", "current")?.unwrap_or(0))
            }

            /// Getter for the [`power` field](Telemetry#structfield.power).
            #[inline]
            pub fn power(&self) -> ::planus::Result<u32> {
                ::core::result::Result::Ok(self.0.access(4, "Telemetry", "power")?.unwrap_or(0))
            }

            /// Getter for the [`energy` field](Telemetry#structfield.energy).
            #[inline]
            pub fn energy(&self) -> ::planus::Result<u32> {
                ::core::result::Result::Ok(self.0.access(5, "Telemetry", "energy")?.unwrap_or(0))
            }

            /// Getter for the [`temperature` field](Telemetry#structfield.temperature).
            #[inline]
            pub fn temperature(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(
                    self.0.access(6, "Telemetry", "temperature")?.unwrap_or(0),
                )
            }

            /// Getter for the [`humidity` field](Telemetry#structfield.humidity).
            #[inline]
            pub fn humidity(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(self.0.access(7, "Telemetry", "humidity")?.unwrap_or(0))
            }

            /// Getter for the [`pressure` field](Telemetry#structfield.pressure).
            #[inline]
            pub fn pressure(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(self.0.access(8, "Telemetry", "pressure")?.unwrap_or(0))
            }

            /// Getter for the [`speed` field](Telemetry#structfield.speed).
            #[inline]
            pub fn speed(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(self.0.access(9, "Telemetry", "speed")?.unwrap_or(0))
            }

            /// Getter for the [`status` field](Telemetry#structfield.status).
            #[inline]
            pub fn status(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(10, "Telemetry", "status")?.unwrap_or(0))
            }

            /// Getter for the [`mode` field](Telemetry#structfield.mode).
            #[inline]
            pub fn mode(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(11, "Telemetry", "mode")?.unwrap_or(0))
            }

            /// Getter for the [`battery` field](Telemetry#structfield.battery).
            #[inline]
            pub fn battery(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(12, "Telemetry", "battery")?.unwrap_or(0))
            }

            /// Getter for the [`signal` field](Telemetry#structfield.signal).
            #[inline]
            pub fn signal(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(13, "Telemetry", "signal")?.unwrap_or(0))
            }

            /// Getter for the [`fan` field](Telemetry#structfield.fan).
            #[inline]
            pub fn fan(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(14, "Telemetry", "fan")?.unwrap_or(0))
            }

            /// Getter for the [`alarm` field](Telemetry#structfield.alarm).
            #[inline]
            pub fn alarm(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(15, "Telemetry", "alarm")?.unwrap_or(0))
            }

            /// Getter for the [`fault` field](Telemetry#structfield.fault).
            #[inline]
            pub fn fault(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(16, "Telemetry", "fault")?.unwrap_or(0))
            }

            /// Getter for the [`revision` field](Telemetry#structfield.revision).
            #[inline]
            pub fn revision(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(17, "Telemetry", "revision")?.unwrap_or(0))
            }

            /// Getter for the [`device` field](Telemetry#structfield.device).
            #[inline]
            pub fn device(&self) -> ::planus::Result<::core::option::Option<&'a [u8]>> {
                self.0.access(18, "Telemetry", "device")
            }
        }

        impl<'a> ::core::fmt::Debug for TelemetryRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("TelemetryRef");
                f.field("time", &self.time());
                f.field("uptime", &self.uptime());
                f.field("voltage", &self.voltage());
                f.field("current", &self.current());
                f.field("power", &self.power());
                f.field("energy", &self.energy());
                f.field("temperature", &self.temperature());
                f.field("humidity", &self.humidity());
                f.field("pressure", &self.pressure());
                f.field("speed", &self.speed());
                f.field("status", &self.status());
                f.field("mode", &self.mode());
                f.field("battery", &self.battery());
                f.field("signal", &self.signal());
                f.field("fan", &self.fan());
                f.field("alarm", &self.alarm());
                f.field("fault", &self.fault());
                f.field("revision", &self.revision());
                if let ::core::option::Option::Some(field_device) = self.device().transpose() {
                    f.field("device", &field_device);
                }
                f.finish()
            }
        }

        impl<'a> ::core::convert::TryFrom<TelemetryRef<'a>> for Telemetry {
            type Error = ::planus::Error;

            #[allow(unreachable_code)]
            fn try_from(value: TelemetryRef<'a>) -> ::planus::Result<Self> {
                ::core::result::Result::Ok(Self {
                    time: ::core::convert::TryInto::try_into(value.time()?)?,
                    uptime: ::core::convert::TryInto::try_into(value.uptime()?)?,
                    voltage: ::core::convert::TryInto::try_into(value.voltage()?)?,
                    current: ::core::convert::TryInto::try_into(value.current()?)?,
                    power: ::core::convert::TryInto::try_into(value.power()?)?,
                    energy: ::core::convert::TryInto::try_into(value.energy()?)?,
                    temperature: ::core::convert::TryInto::try_into(value.temperature()?)?,
                    humidity: ::core::convert::TryInto::try_into(value.humidity()?)?,
                    pressure: ::core::convert::TryInto::try_into(value.pressure()?)?,
                    speed: ::core::convert::TryInto::try_into(value.speed()?)?,
                    status: ::core::convert::TryInto::try_into(value.status()?)?,
                    mode: ::core::convert::TryInto::try_into(value.mode()?)?,
                    battery: ::core::convert::TryInto::try_into(value.battery()?)?,
                    signal: ::core::convert::TryInto::try_into(value.signal()?)?,
                    fan: ::core::convert::TryInto::try_into(value.fan()?)?,
                    alarm: ::core::convert::TryInto::try_into(value.alarm()?)?,
                    fault: ::core::convert::TryInto::try_into(value.fault()?)?,
                    revision: ::core::convert::TryInto::try_into(value.revision()?)?,
                    device: value.device()?.map(|v| v.to_vec()),
                })
            }
        }

        impl<'a> ::planus::TableRead<'a> for TelemetryRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                ::core::result::Result::Ok(Self(::planus::table_reader::Table::from_buffer(
                    buffer, offset,
                )?))
            }
        }

        impl<'a> ::planus::VectorReadInner<'a> for TelemetryRef<'a> {
            type Error = ::planus::Error;
            const STRIDE: usize = 4;

            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(buffer, offset).map_err(|error_kind| {
                    error_kind.with_error_location(
                        "[TelemetryRef]",
                        "get",
                        buffer.offset_from_start,
                    )
                })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<::planus::Offset<Telemetry>> for Telemetry {
            type Value = ::planus::Offset<Telemetry>;
            const STRIDE: usize = 4;
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> Self::Value {
                ::planus::WriteAs::prepare(self, builder)
            }

            #[inline]
            unsafe fn write_values(
                values: &[::planus::Offset<Telemetry>],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 4];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (Self::STRIDE * i) as u32,
                    );
                }
            }
        }

        impl<'a> ::planus::ReadAsRoot<'a> for TelemetryRef<'a> {
            fn read_as_root(slice: &'a [u8]) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(
                    ::planus::SliceWithStartOffset {
                        buffer: slice,
                        offset_from_start: 0,
                    },
                    0,
                )
                .map_err(|error_kind| {
                    error_kind.with_error_location("[TelemetryRef]", "read_as_root", 0)
                })
            }
        }

        /// The table `Server` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Table `Server` in the file `contest.fbs:28`
        #[derive(
            Clone,
            Debug,
            PartialEq,
            PartialOrd,
            Eq,
            Ord,
            Hash,
        )]
        pub struct Server {
            /// The field `id` in the table `Server`
            pub id: u16,
            /// The field `name` in the table `Server`
            pub name: ::core::option::Option<::planus::alloc::string::String>,
            /// The field `port` in the table `Server`
            pub port: u16,
            /// The field `players` in the table `Server`
            pub players: u16,
        }

        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for Server {
            fn default() -> Self {
                Self {
                    id: 0,
                    name: ::core::default::Default::default(),
                    port: 0,
                    players: 0,
                }
            }
        }

        impl Server {
            /// Creates a [ServerBuilder] for serializing an instance of this table.
            #[inline]
            pub fn builder() -> ServerBuilder<()> {
                ServerBuilder(())
            }

            #[allow(clippy::too_many_arguments)]
            pub fn create(
                builder: &mut ::planus::Builder,
                field_id: impl ::planus::WriteAsDefault<u16, u16>,
                field_name: impl ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                field_port: impl ::planus::WriteAsDefault<u16, u16>,
                field_players: impl ::planus::WriteAsDefault<u16, u16>,
            ) -> ::planus::Offset<Self> {
                let prepared_id = field_id.prepare(builder, &0);
                let prepared_name = field_name.prepare(builder);
                let prepared_port = field_port.prepare(builder, &0);
                let prepared_players = field_players.prepare(builder, &0);

                let mut table_writer: ::planus::table_writer::TableWriter<12> =
                    ::core::default::Default::default();
                if prepared_name.is_some() {
                    table_writer.write_entry::<::planus::Offset<str>>(1);
                }
                if prepared_id.is_some() {
                    table_writer.write_entry::<u16>(0);
                }
                if prepared_port.is_some() {
                    table_writer.write_entry::<u16>(2);
                }
                if prepared_players.is_some() {
                    table_writer.write_entry::<u16>(3);
                }

                unsafe {
                    table_writer.finish(builder, |object_writer| {
                        if let ::core::option::Option::Some(prepared_name) = prepared_name {
                            object_writer.write::<_, _, 4>(&prepared_name);
                        }
                        if let ::core::option::Option::Some(prepared_id) = prepared_id {
                            object_writer.write::<_, _, 2>(&prepared_id);
                        }
                        if let ::core::option::Option::Some(prepared_port) = prepared_port {
                            object_writer.write::<_, _, 2>(&prepared_port);
                        }
                        if let ::core::option::Option::Some(prepared_players) = prepared_players {
                            object_writer.write::<_, _, 2>(&prepared_players);
                        }
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<::planus::Offset<Server>> for Server {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Server> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl ::planus::WriteAsOptional<::planus::Offset<Server>> for Server {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Server>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl ::planus::WriteAsOffset<Server> for Server {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Server> {
                Server::create(builder, self.id, &self.name, self.port, self.players)
            }
        }

        /// Builder for serializing an instance of the [Server] type.
        ///
        /// Can be created using the [Server::builder] method.
        #[derive(Debug)]
        #[must_use]
        pub struct ServerBuilder<State>(State);

        impl ServerBuilder<()> {
            /// Setter for the [`id` field](Server#structfield.id).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn id<T0>(self, value: T0) -> ServerBuilder<(T0,)>
            where
                T0: ::planus::WriteAsDefault<u16, u16>,
            {
                ServerBuilder((value,))
            }

            /// Sets the [`id` field](Server#structfield.id) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn id_as_default(self) -> ServerBuilder<(::planus::DefaultValue,)> {
                self.id(::planus::DefaultValue)
            }
        }

        impl<T0> ServerBuilder<(T0,)> {
            /// Setter for the [`name` field](Server#structfield.name).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn name<T1>(self, value: T1) -> ServerBuilder<(T0, T1)>
            where
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            {
                let (v0,) = self.0;
                ServerBuilder((v0, value))
            }

            /// Sets the [`name` field](Server#structfield.name) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn name_as_null(self) -> ServerBuilder<(T0, ())> {
                self.name(())
            }
        }

        impl<T0, T1> ServerBuilder<(T0, T1)> {
            /// Setter for the [`port` field](Server#structfield.port).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn port<T2>(self, value: T2) -> ServerBuilder<(T0, T1, T2)>
            where
                T2: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0, v1) = self.0;
                ServerBuilder((v0, v1, value))
            }

            /// Sets the [`port` field](Server#structfield.port) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn port_as_default(self) -> ServerBuilder<(T0, T1, ::planus::DefaultValue)> {
                self.port(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2> ServerBuilder<(T0, T1, T2)> {
            /// Setter for the [`players` field](Server#structfield.players).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn players<T3>(self, value: T3) -> ServerBuilder<(T0, T1, T2, T3)>
            where
                T3: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0, v1, v2) = self.0;
                ServerBuilder((v0, v1, v2, value))
            }

            /// Sets the [`players` field](Server#structfield.players) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn players_as_default(self) -> ServerBuilder<(T0, T1, T2, ::planus::DefaultValue)> {
                self.players(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2, T3> ServerBuilder<(T0, T1, T2, T3)> {
            /// Finish writing the builder to get an [Offset](::planus::Offset) to a serialized [Server].
            #[inline]
            pub fn finish(self, builder: &mut ::planus::Builder) -> ::planus::Offset<Server>
            where
                Self: ::planus::WriteAsOffset<Server>,
            {
                ::planus::WriteAsOffset::prepare(&self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u16, u16>,
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T2: ::planus::WriteAsDefault<u16, u16>,
                T3: ::planus::WriteAsDefault<u16, u16>,
            > ::planus::WriteAs<::planus::Offset<Server>> for ServerBuilder<(T0, T1, T2, T3)>
        {
            type Prepared = ::planus::Offset<Server>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Server> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u16, u16>,
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T2: ::planus::WriteAsDefault<u16, u16>,
                T3: ::planus::WriteAsDefault<u16, u16>,
            > ::planus::WriteAsOptional<::planus::Offset<Server>>
            for ServerBuilder<(T0, T1, T2, T3)>
        {
            type Prepared = ::planus::Offset<Server>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Server>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u16, u16>,
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T2: ::planus::WriteAsDefault<u16, u16>,
                T3: ::planus::WriteAsDefault<u16, u16>,
            > ::planus::WriteAsOffset<Server> for ServerBuilder<(T0, T1, T2, T3)>
        {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Server> {
                let (v0, v1, v2, v3) = &self.0;
                Server::create(builder, v0, v1, v2, v3)
            }
        }

        /// Reference to a deserialized [Server].
        #[derive(Copy, Clone)]
        pub struct ServerRef<'a>(#[allow(dead_code)] ::planus::table_reader::Table<'a>);

        impl<'a> ServerRef<'a> {
            /// Getter for the [`id` field](Server#structfield.id).
            #[inline]
            pub fn id(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(self.0.access(0, "Server", "id")?.unwrap_or(0))
            }

            /// Getter for the [`name` field](Server#structfield.name).
            #[inline]
            pub fn name(
                &self,
            ) -> ::planus::Result<::core::option::Option<&'a ::core::primitive::str>> {
                self.0.access(1, "Server", "name")
            }

            /// Getter for the [`port` field](Server#structfield.port).
            #[inline]
            pub fn port(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(self.0.access(2, "Server", "port")?.unwrap_or(0))
            }

            /// Getter for the [`players` field](Server#structfield.players).
            #[inline]
            pub fn players(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(self.0.access(3, "Server", "players")?.unwrap_or(0))
            }
        }

        impl<'a> ::core::fmt::Debug for ServerRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("ServerRef");
                f.field("id", &self.id());
                if let ::core::option::Option::Some(field_name) = self.name().transpose() {
                    f.field("name", &field_name);
                }
                f.field("port", &self.port());
                f.field("players", &self.players());
                f.finish()
            }
        }

        impl<'a> ::core::convert::TryFrom<ServerRef<'a>> for Server {
            type Error = ::planus::Error;

            #[allow(unreachable_code)]
            fn try_from(value: ServerRef<'a>) -> ::planus::Result<Self> {
                ::core::result::Result::Ok(Self {
                    id: ::core::convert::TryInto::try_into(value.id()?)?,
                    name: value.name()?.map(::core::convert::Into::into),
                    port: ::core::convert::TryInto::try_into(value.port()?)?,
                    players: ::core::convert::TryInto::try_into(value.players()?)?,
                })
            }
        }

        impl<'a> ::planus::TableRead<'a> for ServerRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                ::core::result::Result::Ok(Self(::planus::table_reader::Table::from_buffer(
                    buffer, offset,
                )?))
            }
        }

        impl<'a> ::planus::VectorReadInner<'a> for ServerRef<'a> {
            type Error = ::planus::Error;
            const STRIDE: usize = 4;

            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(buffer, offset).map_err(|error_kind| {
                    error_kind.with_error_location("[ServerRef]", "get", buffer.offset_from_start)
                })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<::planus::Offset<Server>> for Server {
            type Value = ::planus::Offset<Server>;
            const STRIDE: usize = 4;
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> Self::Value {
                ::planus::WriteAs::prepare(self, builder)
            }

            #[inline]
            unsafe fn write_values(
                values: &[::planus::Offset<Server>],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 4];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (Self::STRIDE * i) as u32,
                    );
                }
            }
        }

        impl<'a> ::planus::ReadAsRoot<'a> for ServerRef<'a> {
            fn read_as_root(slice: &'a [u8]) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(
                    ::planus::SliceWithStartOffset {
                        buffer: slice,
                        offset_from_start: 0,
                    },
                    0,
                )
                .map_err(|error_kind| {
                    error_kind.with_error_location("[ServerRef]", "read_as_root", 0)
                })
            }
        }

        /// The table `LoginResponse` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Table `LoginResponse` in the file `contest.fbs:30`
        #[derive(
            Clone,
            Debug,
            PartialEq,
            PartialOrd,
            Eq,
            Ord,
            Hash,
        )]
        pub struct LoginResponse {
            /// The field `accepted` in the table `LoginResponse`
            pub accepted: bool,
            /// The field `heartbeat` in the table `LoginResponse`
            pub heartbeat: u16,
            /// The field `user` in the table `LoginResponse`
            pub user: u64,
            /// The field `token` in the table `LoginResponse`
            pub token: ::core::option::Option<::planus::alloc::string::String>,
            /// The field `servers` in the table `LoginResponse`
            pub servers: ::core::option::Option<::planus::alloc::vec::Vec<self::Server>>,
        }

        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for LoginResponse {
            fn default() -> Self {
                Self {
                    accepted: false,
                    heartbeat: 0,
                    user: 0,
                    token: ::core::default::Default::default(),
                    servers: ::core::default::Default::default(),
                }
            }
        }

        impl LoginResponse {
            /// Creates a [LoginResponseBuilder] for serializing an instance of this table.
            #[inline]
            pub fn builder() -> LoginResponseBuilder<()> {
                LoginResponseBuilder(())
            }

            #[allow(clippy::too_many_arguments)]
            pub fn create(
                builder: &mut ::planus::Builder,
                field_accepted: impl ::planus::WriteAsDefault<bool, bool>,
                field_heartbeat: impl ::planus::WriteAsDefault<u16, u16>,
                field_user: impl ::planus::WriteAsDefault<u64, u64>,
                field_token: impl ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                field_servers: impl ::planus::WriteAsOptional<
                    ::planus::Offset<[::planus::Offset<self::Server>]>,
                >,
            ) -> ::planus::Offset<Self> {
                let prepared_accepted = field_accepted.prepare(builder, &false);
                let prepared_heartbeat = field_heartbeat.prepare(builder, &0);
                let prepared_user = field_user.prepare(builder, &0);
                let prepared_token = field_token.prepare(builder);
                let prepared_servers = field_servers.prepare(builder);

                let mut table_writer: ::planus::table_writer::TableWriter<14> =
                    ::core::default::Default::default();
                if prepared_user.is_some() {
                    table_writer.write_entry::<u64>(2);
                }
                if prepared_token.is_some() {
                    table_writer.write_entry::<::planus::Offset<str>>(3);
                }
                if prepared_servers.is_some() {
                    table_writer
                        .write_entry::<::planus::Offset<[::planus::Offset<self::Server>]>>(4);
                }
                if prepared_heartbeat.is_some() {
                    table_writer.write_entry::<u16>(1);
                }
                if prepared_accepted.is_some() {
                    table_writer.write_entry::<bool>(0);
                }

                unsafe {
                    table_writer.finish(builder, |object_writer| {
                        if let ::core::option::Option::Some(prepared_user) = prepared_user {
                            object_writer.write::<_, _, 8>(&prepared_user);
                        }
                        if let ::core::option::Option::Some(prepared_token) = prepared_token {
                            object_writer.write::<_, _, 4>(&prepared_token);
                        }
                        if let ::core::option::Option::Some(prepared_servers) = prepared_servers {
                            object_writer.write::<_, _, 4>(&prepared_servers);
                        }
                        if let ::core::option::Option::Some(prepared_heartbeat) = prepared_heartbeat
                        {
                            object_writer.write::<_, _, 2>(&prepared_heartbeat);
                        }
                        if let ::core::option::Option::Some(prepared_accepted) = prepared_accepted {
                            object_writer.write::<_, _, 1>(&prepared_accepted);
                        }
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<::planus::Offset<LoginResponse>> for LoginResponse {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<LoginResponse> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl ::planus::WriteAsOptional<::planus::Offset<LoginResponse>> for LoginResponse {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<LoginResponse>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl ::planus::WriteAsOffset<LoginResponse> for LoginResponse {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<LoginResponse> {
                LoginResponse::create(
                    builder,
                    self.accepted,
                    self.heartbeat,
                    self.user,
                    &self.token,
                    &self.servers,
                )
            }
        }

        /// Builder for serializing an instance of the [LoginResponse] type.
        ///
        /// Can be created using the [LoginResponse::builder] method.
        #[derive(Debug)]
        #[must_use]
        pub struct LoginResponseBuilder<State>(State);

        impl LoginResponseBuilder<()> {
            /// Setter for the [`accepted` field](LoginResponse#structfield.accepted).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn accepted<T0>(self, value: T0) -> LoginResponseBuilder<(T0,)>
            where
                T0: ::planus::WriteAsDefault<bool, bool>,
            {
                LoginResponseBuilder((value,))
            }

            /// Sets the [`accepted` field](LoginResponse#structfield.accepted) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn accepted_as_default(self) -> LoginResponseBuilder<(::planus::DefaultValue,)> {
                self.accepted(::planus::DefaultValue)
            }
        }

        impl<T0> LoginResponseBuilder<(T0,)> {
            /// Setter for the [`heartbeat` field](LoginResponse#structfield.heartbeat).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn heartbeat<T1>(self, value: T1) -> LoginResponseBuilder<(T0, T1)>
            where
                T1: ::planus::WriteAsDefault<u16, u16>,
            {
                let (v0,) = self.0;
                LoginResponseBuilder((v0, value))
            }

            /// Sets the [`heartbeat` field](LoginResponse#structfield.heartbeat) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn heartbeat_as_default(
                self,
            ) -> LoginResponseBuilder<(T0, ::planus::DefaultValue)> {
                self.heartbeat(::planus::DefaultValue)
            }
        }

        impl<T0, T1> LoginResponseBuilder<(T0, T1)> {
            /// Setter for the [`user` field](LoginResponse#structfield.user).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn user<T2>(self, value: T2) -> LoginResponseBuilder<(T0, T1, T2)>
            where
                T2: ::planus::WriteAsDefault<u64, u64>,
            {
                let (v0, v1) = self.0;
                LoginResponseBuilder((v0, v1, value))
            }

            /// Sets the [`user` field](LoginResponse#structfield.user) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn user_as_default(self) -> LoginResponseBuilder<(T0, T1, ::planus::DefaultValue)> {
                self.user(::planus::DefaultValue)
            }
        }

        impl<T0, T1, T2> LoginResponseBuilder<(T0, T1, T2)> {
            /// Setter for the [`token` field](LoginResponse#structfield.token).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn token<T3>(self, value: T3) -> LoginResponseBuilder<(T0, T1, T2, T3)>
            where
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            {
                let (v0, v1, v2) = self.0;
                LoginResponseBuilder((v0, v1, v2, value))
            }

            /// Sets the [`token` field](LoginResponse#structfield.token) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn token_as_null(self) -> LoginResponseBuilder<(T0, T1, T2, ())> {
                self.token(())
            }
        }

        impl<T0, T1, T2, T3> LoginResponseBuilder<(T0, T1, T2, T3)> {
            /// Setter for the [`servers` field](LoginResponse#structfield.servers).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn servers<T4>(self, value: T4) -> LoginResponseBuilder<(T0, T1, T2, T3, T4)>
            where
                T4: ::planus::WriteAsOptional<::planus::Offset<[::planus::Offset<self::Server>]>>,
            {
                let (v0, v1, v2, v3) = self.0;
                LoginResponseBuilder((v0, v1, v2, v3, value))
            }

            /// Sets the [`servers` field](LoginResponse#structfield.servers) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn servers_as_null(self) -> LoginResponseBuilder<(T0, T1, T2, T3, ())> {
                self.servers(())
            }
        }

        impl<T0, T1, T2, T3, T4> LoginResponseBuilder<(T0, T1, T2, T3, T4)> {
            /// Finish writing the builder to get an [Offset](::planus::Offset) to a serialized [LoginResponse].
            #[inline]
            pub fn finish(self, builder: &mut ::planus::Builder) -> ::planus::Offset<LoginResponse>
            where
                Self: ::planus::WriteAsOffset<LoginResponse>,
            {
                ::planus::WriteAsOffset::prepare(&self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<bool, bool>,
                T1: ::planus::WriteAsDefault<u16, u16>,
                T2: ::planus::WriteAsDefault<u64, u64>,
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T4: ::planus::WriteAsOptional<::planus::Offset<[::planus::Offset<self::Server>]>>,
            > ::planus::WriteAs<::planus::Offset<LoginResponse>>
            for LoginResponseBuilder<(T0, T1, T2, T3, T4)>
        {
            type Prepared = ::planus::Offset<LoginResponse>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<LoginResponse> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<bool, bool>,
                T1: ::planus::WriteAsDefault<u16, u16>,
                T2: ::planus::WriteAsDefault<u64, u64>,
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T4: ::planus::WriteAsOptional<::planus::Offset<[::planus::Offset<self::Server>]>>,
            > ::planus::WriteAsOptional<::planus::Offset<LoginResponse>>
            for LoginResponseBuilder<(T0, T1, T2, T3, T4)>
        {
            type Prepared = ::planus::Offset<LoginResponse>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<LoginResponse>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<bool, bool>,
                T1: ::planus::WriteAsDefault<u16, u16>,
                T2: ::planus::WriteAsDefault<u64, u64>,
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T4: ::planus::WriteAsOptional<::planus::Offset<[::planus::Offset<self::Server>]>>,
            > ::planus::WriteAsOffset<LoginResponse>
            for LoginResponseBuilder<(T0, T1, T2, T3, T4)>
        {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<LoginResponse> {
                let (v0, v1, v2, v3, v4) = &self.0;
                LoginResponse::create(builder, v0, v1, v2, v3, v4)
            }
        }

        /// Reference to a deserialized [LoginResponse].
        #[derive(Copy, Clone)]
        pub struct LoginResponseRef<'a>(#[allow(dead_code)] ::planus::table_reader::Table<'a>);

        impl<'a> LoginResponseRef<'a> {
            /// Getter for the [`accepted` field](LoginResponse#structfield.accepted).
            #[inline]
            pub fn accepted(&self) -> ::planus::Result<bool> {
                ::core::result::Result::Ok(
                    self.0
                        .access(0, "LoginResponse", "accepted")?
                        .unwrap_or(false),
                )
            }

            /// Getter for the [`heartbeat` field](LoginResponse#structfield.heartbeat).
            #[inline]
            pub fn heartbeat(&self) -> ::planus::Result<u16> {
                ::core::result::Result::Ok(
                    self.0.access(1, "LoginResponse", "heartbeat")?.unwrap_or(0),
                )
            }

            /// Getter for the [`user` field](LoginResponse#structfield.user).
            #[inline]
            pub fn user(&self) -> ::planus::Result<u64> {
                ::core::result::Result::Ok(self.0.access(2, "LoginResponse", "user")?.unwrap_or(0))
            }

            /// Getter for the [`token` field](LoginResponse#structfield.token).
            #[inline]
            pub fn token(
                &self,
            ) -> ::planus::Result<::core::option::Option<&'a ::core::primitive::str>> {
                self.0.access(3, "LoginResponse", "token")
            }

            /// Getter for the [`servers` field](LoginResponse#structfield.servers).
            #[inline]
            pub fn servers(
                &self,
            ) -> ::planus::Result<
                ::core::option::Option<::planus::Vector<'a, ::planus::Result<self::ServerRef<'a>>>>,
            > {
                self.0.access(4, "LoginResponse", "servers")
            }
        }

        impl<'a> ::core::fmt::Debug for LoginResponseRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("LoginResponseRef");
                f.field("accepted", &self.accepted());
                f.field("heartbeat", &self.heartbeat());
                f.field("user", &self.user());
                if let ::core::option::Option::Some(field_token) = self.token().transpose() {
                    f.field("token", &field_token);
                }
                if let ::core::option::Option::Some(field_servers) = self.servers().transpose() {
                    f.field("servers", &field_servers);
                }
                f.finish()
            }
        }

        impl<'a> ::core::convert::TryFrom<LoginResponseRef<'a>> for LoginResponse {
            type Error = ::planus::Error;

            #[allow(unreachable_code)]
            fn try_from(value: LoginResponseRef<'a>) -> ::planus::Result<Self> {
                ::core::result::Result::Ok(Self {
                    accepted: ::core::convert::TryInto::try_into(value.accepted()?)?,
                    heartbeat: ::core::convert::TryInto::try_into(value.heartbeat()?)?,
                    user: ::core::convert::TryInto::try_into(value.user()?)?,
                    token: value.token()?.map(::core::convert::Into::into),
                    servers: if let ::core::option::Option::Some(servers) = value.servers()? {
                        ::core::option::Option::Some(servers.to_vec_result()?)
                    } else {
                        ::core::option::Option::None
                    },
                })
            }
        }

        impl<'a> ::planus::TableRead<'a> for LoginResponseRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                ::core::result::Result::Ok(Self(::planus::table_reader::Table::from_buffer(
                    buffer, offset,
                )?))
            }
        }

        impl<'a> ::planus::VectorReadInner<'a> for LoginResponseRef<'a> {
            type Error = ::planus::Error;
            const STRIDE: usize = 4;

            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(buffer, offset).map_err(|error_kind| {
                    error_kind.with_error_location(
                        "[LoginResponseRef]",
                        "get",
                        buffer.offset_from_start,
                    )
                })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<::planus::Offset<LoginResponse>> for LoginResponse {
            type Value = ::planus::Offset<LoginResponse>;
            const STRIDE: usize = 4;
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> Self::Value {
                ::planus::WriteAs::prepare(self, builder)
            }

            #[inline]
            unsafe fn write_values(
                values: &[::planus::Offset<LoginResponse>],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 4];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (Self::STRIDE * i) as u32,
                    );
                }
            }
        }

        impl<'a> ::planus::ReadAsRoot<'a> for LoginResponseRef<'a> {
            fn read_as_root(slice: &'a [u8]) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(
                    ::planus::SliceWithStartOffset {
                        buffer: slice,
                        offset_from_start: 0,
                    },
                    0,
                )
                .map_err(|error_kind| {
                    error_kind.with_error_location("[LoginResponseRef]", "read_as_root", 0)
                })
            }
        }

        /// The table `Chat` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Table `Chat` in the file `contest.fbs:38`
        #[derive(
            Clone,
            Debug,
            PartialEq,
            PartialOrd,
            Eq,
            Ord,
            Hash,
        )]
        pub struct Chat {
            /// The field `channel` in the table `Chat`
            pub channel: u8,
            /// The field `sender` in the table `Chat`
            pub sender: ::core::option::Option<::planus::alloc::string::String>,
            /// The field `recipient` in the table `Chat`
            pub recipient: ::core::option::Option<::planus::alloc::string::String>,
            /// The field `text` in the table `Chat`
            pub text: ::core::option::Option<::planus::alloc::string::String>,
        }

        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for Chat {
            fn default() -> Self {
                Self {
                    channel: 0,
                    sender: ::core::default::Default::default(),
                    recipient: ::core::default::Default::default(),
                    text: ::core::default::Default::default(),
                }
            }
        }

        impl Chat {
            /// Creates a [ChatBuilder] for serializing an instance of this table.
            #[inline]
            pub fn builder() -> ChatBuilder<()> {
                ChatBuilder(())
            }

            #[allow(clippy::too_many_arguments)]
            pub fn create(
                builder: &mut ::planus::Builder,
                field_channel: impl ::planus::WriteAsDefault<u8, u8>,
                field_sender: impl ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                field_recipient: impl ::planus::WriteAsOptional<
                    ::planus::Offset<::core::primitive::str>,
                >,
                field_text: impl ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            ) -> ::planus::Offset<Self> {
                let prepared_channel = field_channel.prepare(builder, &0);
                let prepared_sender = field_sender.prepare(builder);
                let prepared_recipient = field_recipient.prepare(builder);
                let prepared_text = field_text.prepare(builder);

                let mut table_writer: ::planus::table_writer::TableWriter<12> =
                    ::core::default::Default::default();
                if prepared_sender.is_some() {
                    table_writer.write_entry::<::planus::Offset<str>>(1);
                }
                if prepared_recipient.is_some() {
                    table_writer.write_entry::<::planus::Offset<str>>(2);
                }
                if prepared_text.is_some() {
                    table_writer.write_entry::<::planus::Offset<str>>(3);
                }
                if prepared_channel.is_some() {
                    table_writer.write_entry::<u8>(0);
                }

                unsafe {
                    table_writer.finish(builder, |object_writer| {
                        if let ::core::option::Option::Some(prepared_sender) = prepared_sender {
                            object_writer.write::<_, _, 4>(&prepared_sender);
                        }
                        if let ::core::option::Option::Some(prepared_recipient) = prepared_recipient
                        {
                            object_writer.write::<_, _, 4>(&prepared_recipient);
                        }
                        if let ::core::option::Option::Some(prepared_text) = prepared_text {
                            object_writer.write::<_, _, 4>(&prepared_text);
                        }
                        if let ::core::option::Option::Some(prepared_channel) = prepared_channel {
                            object_writer.write::<_, _, 1>(&prepared_channel);
                        }
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<::planus::Offset<Chat>> for Chat {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Chat> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl ::planus::WriteAsOptional<::planus::Offset<Chat>> for Chat {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Chat>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl ::planus::WriteAsOffset<Chat> for Chat {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Chat> {
                Chat::create(
                    builder,
                    self.channel,
                    &self.sender,
                    &self.recipient,
                    &self.text,
                )
            }
        }

        /// Builder for serializing an instance of the [Chat] type.
        ///
        /// Can be created using the [Chat::builder] method.
        #[derive(Debug)]
        #[must_use]
        pub struct ChatBuilder<State>(State);

        impl ChatBuilder<()> {
            /// Setter for the [`channel` field](Chat#structfield.channel).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn channel<T0>(self, value: T0) -> ChatBuilder<(T0,)>
            where
                T0: ::planus::WriteAsDefault<u8, u8>,
            {
                ChatBuilder((value,))
            }

            /// Sets the [`channel` field](Chat#structfield.channel) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn channel_as_default(self) -> ChatBuilder<(::planus::DefaultValue,)> {
                self.channel(::planus::DefaultValue)
            }
        }

        impl<T0> ChatBuilder<(T0,)> {
            /// Setter for the [`sender` field](Chat#structfield.sender).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn sender<T1>(self, value: T1) -> ChatBuilder<(T0, T1)>
            where
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            {
                let (v0,) = self.0;
                ChatBuilder((v0, value))
            }

            /// Sets the [`sender` field](Chat#structfield.sender) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn sender_as_null(self) -> ChatBuilder<(T0, ())> {
                self.sender(())
            }
        }

        impl<T0, T1> ChatBuilder<(T0, T1)> {
            /// Setter for the [`recipient` field](Chat#structfield.recipient).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn recipient<T2>(self, value: T2) -> ChatBuilder<(T0, T1, T2)>
            where
                T2: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            {
                let (v0, v1) = self.0;
                ChatBuilder((v0, v1, value))
            }

            /// Sets the [`recipient` field](Chat#structfield.recipient) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn recipient_as_null(self) -> ChatBuilder<(T0, T1, ())> {
                self.recipient(())
            }
        }

        impl<T0, T1, T2> ChatBuilder<(T0, T1, T2)> {
            /// Setter for the [`text` field](Chat#structfield.text).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn text<T3>(self, value: T3) -> ChatBuilder<(T0, T1, T2, T3)>
            where
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            {
                let (v0, v1, v2) = self.0;
                ChatBuilder((v0, v1, v2, value))
            }

            /// Sets the [`text` field](Chat#structfield.text) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn text_as_null(self) -> ChatBuilder<(T0, T1, T2, ())> {
                self.text(())
            }
        }

        impl<T0, T1, T2, T3> ChatBuilder<(T0, T1, T2, T3)> {
            /// Finish writing the builder to get an [Offset](::planus::Offset) to a serialized [Chat].
            #[inline]
            pub fn finish(self, builder: &mut ::planus::Builder) -> ::planus::Offset<Chat>
            where
                Self: ::planus::WriteAsOffset<Chat>,
            {
                ::planus::WriteAsOffset::prepare(&self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u8, u8>,
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T2: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            > ::planus::WriteAs<::planus::Offset<Chat>> for ChatBuilder<(T0, T1, T2, T3)>
        {
            type Prepared = ::planus::Offset<Chat>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Chat> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u8, u8>,
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T2: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            > ::planus::WriteAsOptional<::planus::Offset<Chat>> for ChatBuilder<(T0, T1, T2, T3)>
        {
            type Prepared = ::planus::Offset<Chat>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Chat>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u8, u8>,
                T1: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T2: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
                T3: ::planus::WriteAsOptional<::planus::Offset<::core::primitive::str>>,
            > ::planus::WriteAsOffset<Chat> for ChatBuilder<(T0, T1, T2, T3)>
        {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Chat> {
                let (v0, v1, v2, v3) = &self.0;
                Chat::create(builder, v0, v1, v2, v3)
            }
        }

        /// Reference to a deserialized [Chat].
        #[derive(Copy, Clone)]
        pub struct ChatRef<'a>(#[allow(dead_code)] ::planus::table_reader::Table<'a>);

        impl<'a> ChatRef<'a> {
            /// Getter for the [`channel` field](Chat#structfield.channel).
            #[inline]
            pub fn channel(&self) -> ::planus::Result<u8> {
                ::core::result::Result::Ok(self.0.access(0, "Chat", "channel")?.unwrap_or(0))
            }

            /// Getter for the [`sender` field](Chat#structfield.sender).
            #[inline]
            pub fn sender(
                &self,
            ) -> ::planus::Result<::core::option::Option<&'a ::core::primitive::str>> {
                self.0.access(1, "Chat", "sender")
            }

            /// Getter for the [`recipient` field](Chat#structfield.recipient).
            #[inline]
            pub fn recipient(
                &self,
            ) -> ::planus::Result<::core::option::Option<&'a ::core::primitive::str>> {
                self.0.access(2, "Chat", "recipient")
            }

            /// Getter for the [`text` field](Chat#structfield.text).
            #[inline]
            pub fn text(
                &self,
            ) -> ::planus::Result<::core::option::Option<&'a ::core::primitive::str>> {
                self.0.access(3, "Chat", "text")
            }
        }

        impl<'a> ::core::fmt::Debug for ChatRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("ChatRef");
                f.field("channel", &self.channel());
                if let ::core::option::Option::Some(field_sender) = self.sender().transpose() {
                    f.field("sender", &field_sender);
                }
                if let ::core::option::Option::Some(field_recipient) = self.recipient().transpose()
                {
                    f.field("recipient", &field_recipient);
                }
                if let ::core::option::Option::Some(field_text) = self.text().transpose() {
                    f.field("text", &field_text);
                }
                f.finish()
            }
        }

        impl<'a> ::core::convert::TryFrom<ChatRef<'a>> for Chat {
            type Error = ::planus::Error;

            #[allow(unreachable_code)]
            fn try_from(value: ChatRef<'a>) -> ::planus::Result<Self> {
                ::core::result::Result::Ok(Self {
                    channel: ::core::convert::TryInto::try_into(value.channel()?)?,
                    sender: value.sender()?.map(::core::convert::Into::into),
                    recipient: value.recipient()?.map(::core::convert::Into::into),
                    text: value.text()?.map(::core::convert::Into::into),
                })
            }
        }

        impl<'a> ::planus::TableRead<'a> for ChatRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                ::core::result::Result::Ok(Self(::planus::table_reader::Table::from_buffer(
                    buffer, offset,
                )?))
            }
        }

        impl<'a> ::planus::VectorReadInner<'a> for ChatRef<'a> {
            type Error = ::planus::Error;
            const STRIDE: usize = 4;

            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(buffer, offset).map_err(|error_kind| {
                    error_kind.with_error_location("[ChatRef]", "get", buffer.offset_from_start)
                })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<::planus::Offset<Chat>> for Chat {
            type Value = ::planus::Offset<Chat>;
            const STRIDE: usize = 4;
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> Self::Value {
                ::planus::WriteAs::prepare(self, builder)
            }

            #[inline]
            unsafe fn write_values(
                values: &[::planus::Offset<Chat>],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 4];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (Self::STRIDE * i) as u32,
                    );
                }
            }
        }

        impl<'a> ::planus::ReadAsRoot<'a> for ChatRef<'a> {
            fn read_as_root(slice: &'a [u8]) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(
                    ::planus::SliceWithStartOffset {
                        buffer: slice,
                        offset_from_start: 0,
                    },
                    0,
                )
                .map_err(|error_kind| {
                    error_kind.with_error_location("[ChatRef]", "read_as_root", 0)
                })
            }
        }

        /// The struct `Entity` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Struct `Entity` in the file `contest.fbs:40`
        #[derive(
            Copy,
            Clone,
            Debug,
            PartialEq,
            PartialOrd,
            Default,
        )]
        pub struct Entity {
            /// The field `id` in the struct `Entity`
            pub id: u32,

            /// The field `x` in the struct `Entity`
            pub x: f32,

            /// The field `y` in the struct `Entity`
            pub y: f32,

            /// The field `z` in the struct `Entity`
            pub z: f32,

            /// The field `yaw` in the struct `Entity`
            pub yaw: u16,

            /// The field `health` in the struct `Entity`
            pub health: u16,
        }

        /// # Safety
        /// The Planus compiler correctly calculates `ALIGNMENT` and `SIZE`.
        unsafe impl ::planus::Primitive for Entity {
            const ALIGNMENT: usize = 4;
            const SIZE: usize = 20;
        }

        #[allow(clippy::identity_op)]
        impl ::planus::WriteAsPrimitive<Entity> for Entity {
            #[inline]
            fn write<const N: usize>(&self, cursor: ::planus::Cursor<'_, N>, buffer_position: u32) {
                let (cur, cursor) = cursor.split::<4, 16>();
                self.id.write(cur, buffer_position - 0);
                let (cur, cursor) = cursor.split::<4, 12>();
                self.x.write(cur, buffer_position - 4);
                let (cur, cursor) = cursor.split::<4, 8>();
                self.y.write(cur, buffer_position - 8);
                let (cur, cursor) = cursor.split::<4, 4>();
                self.z.write(cur, buffer_position - 12);
                let (cur, cursor) = cursor.split::<2, 2>();
                self.yaw.write(cur, buffer_position - 16);
                let (cur, cursor) = cursor.split::<2, 0>();
                self.health.write(cur, buffer_position - 18);
                cursor.finish([]);
            }
        }

        impl ::planus::WriteAsOffset<Entity> for Entity {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Entity> {
                unsafe {
                    builder.write_with(20, 3, |buffer_position, bytes| {
                        let bytes = bytes.as_mut_ptr();

                        ::planus::WriteAsPrimitive::write(
                            self,
                            ::planus::Cursor::new(
                                &mut *(bytes as *mut [::core::mem::MaybeUninit<u8>; 20]),
                            ),
                            buffer_position,
                        );
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<Entity> for Entity {
            type Prepared = Self;
            #[inline]
            fn prepare(&self, _builder: &mut ::planus::Builder) -> Self {
                *self
            }
        }

        impl ::planus::WriteAsOptional<Entity> for Entity {
            type Prepared = Self;
            #[inline]
            fn prepare(&self, _builder: &mut ::planus::Builder) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(*self)
            }
        }

        /// Reference to a deserialized [Entity].
        #[derive(Copy, Clone)]
        pub struct EntityRef<'a>(::planus::ArrayWithStartOffset<'a, 20>);

        impl<'a> EntityRef<'a> {
            /// Getter for the [`id` field](Entity#structfield.id).
            pub fn id(&self) -> u32 {
                let buffer = self.0.advance_as_array::<4>(0).unwrap();

                u32::from_le_bytes(*buffer.as_array())
            }

            /// Getter for the [`x` field](Entity#structfield.x).
            pub fn x(&self) -> f32 {
                let buffer = self.0.advance_as_array::<4>(4).unwrap();

                f32::from_le_bytes(*buffer.as_array())
            }

            /// Getter for the [`y` field](Entity#structfield.y).
            pub fn y(&self) -> f32 {
                let buffer = self.0.advance_as_array::<4>(8).unwrap();

                f32::from_le_bytes(*buffer.as_array())
            }

            /// Getter for the [`z` field](Entity#structfield.z).
            pub fn z(&self) -> f32 {
                let buffer = self.0.advance_as_array::<4>(12).unwrap();

                f32::from_le_bytes(*buffer.as_array())
            }

            /// Getter for the [`yaw` field](Entity#structfield.yaw).
            pub fn yaw(&self) -> u16 {
                let buffer = self.0.advance_as_array::<2>(16).unwrap();

                u16::from_le_bytes(*buffer.as_array())
            }

            /// Getter for the [`health` field](Entity#structfield.health).
            pub fn health(&self) -> u16 {
                let buffer = self.0.advance_as_array::<2>(18).unwrap();

                u16::from_le_bytes(*buffer.as_array())
            }
        }

        impl<'a> ::core::fmt::Debug for EntityRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("EntityRef");
                f.field("id", &self.id());
                f.field("x", &self.x());
                f.field("y", &self.y());
                f.field("z", &self.z());
                f.field("yaw", &self.yaw());
                f.field("health", &self.health());
                f.finish()
            }
        }

        impl<'a> ::core::convert::From<::planus::ArrayWithStartOffset<'a, 20>> for EntityRef<'a> {
            fn from(array: ::planus::ArrayWithStartOffset<'a, 20>) -> Self {
                Self(array)
            }
        }

        impl<'a> ::core::convert::From<EntityRef<'a>> for Entity {
            #[allow(unreachable_code)]
            fn from(value: EntityRef<'a>) -> Self {
                Self {
                    id: value.id(),
                    x: value.x(),
                    y: value.y(),
                    z: value.z(),
                    yaw: value.yaw(),
                    health: value.health(),
                }
            }
        }

        impl<'a, 'b> ::core::cmp::PartialEq<EntityRef<'a>> for EntityRef<'b> {
            fn eq(&self, other: &EntityRef<'_>) -> bool {
                self.id() == other.id()
                    && self.x() == other.x()
                    && self.y() == other.y()
                    && self.z() == other.z()
                    && self.yaw() == other.yaw()
                    && self.health() == other.health()
            }
        }

        impl<'a, 'b> ::core::cmp::PartialOrd<EntityRef<'a>> for EntityRef<'b> {
            fn partial_cmp(
                &self,
                other: &EntityRef<'_>,
            ) -> ::core::option::Option<::core::cmp::Ordering> {
                match self.id().partial_cmp(&other.id()) {
                    ::core::option::Option::Some(::core::cmp::Ordering::Equal) => (),
                    o => return o,
                }

                match self.x().partial_cmp(&other.x()) {
                    ::core::option::Option::Some(::core::cmp::Ordering::Equal) => (),
                    o => return o,
                }

                match self.y().partial_cmp(&other.y()) {
                    ::core::option::Option::Some(::core::cmp::Ordering::Equal) => (),
                    o => return o,
                }

                match self.z().partial_cmp(&other.z()) {
                    ::core::option::Option::Some(::core::cmp::Ordering::Equal) => (),
                    o => return o,
                }

                match self.yaw().partial_cmp(&other.yaw()) {
                    ::core::option::Option::Some(::core::cmp::Ordering::Equal) => (),
                    o => return o,
                }

                self.health().partial_cmp(&other.health())
            }
        }

        impl<'a> ::planus::TableRead<'a> for EntityRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                let buffer = buffer.advance_as_array::<20>(offset)?;
                ::core::result::Result::Ok(Self(buffer))
            }
        }

        impl<'a> ::planus::VectorRead<'a> for EntityRef<'a> {
            const STRIDE: usize = 20;

            #[inline]
            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> Self {
                Self(unsafe { buffer.unchecked_advance_as_array(offset) })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<Entity> for Entity {
            const STRIDE: usize = 20;

            type Value = Entity;

            #[inline]
            fn prepare(&self, _builder: &mut ::planus::Builder) -> Self::Value {
                *self
            }

            #[inline]
            unsafe fn write_values(
                values: &[Entity],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 20];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (20 * i) as u32,
                    );
                }
            }
        }

        /// The table `Snapshot` in the namespace `contest`
        ///
        /// Generated from these locations:
        /// * Table `Snapshot` in the file `contest.fbs:42`
        #[derive(Clone, Debug, PartialEq, PartialOrd)]
        pub struct Snapshot {
            /// The field `tick` in the table `Snapshot`
            pub tick: u32,
            /// The field `entities` in the table `Snapshot`
            pub entities: ::core::option::Option<::planus::alloc::vec::Vec<self::Entity>>,
        }

        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for Snapshot {
            fn default() -> Self {
                Self {
                    tick: 0,
                    entities: ::core::default::Default::default(),
                }
            }
        }

        impl Snapshot {
            /// Creates a [SnapshotBuilder] for serializing an instance of this table.
            #[inline]
            pub fn builder() -> SnapshotBuilder<()> {
                SnapshotBuilder(())
            }

            #[allow(clippy::too_many_arguments)]
            pub fn create(
                builder: &mut ::planus::Builder,
                field_tick: impl ::planus::WriteAsDefault<u32, u32>,
                field_entities: impl ::planus::WriteAsOptional<::planus::Offset<[self::Entity]>>,
            ) -> ::planus::Offset<Self> {
                let prepared_tick = field_tick.prepare(builder, &0);
                let prepared_entities = field_entities.prepare(builder);

                let mut table_writer: ::planus::table_writer::TableWriter<8> =
                    ::core::default::Default::default();
                if prepared_tick.is_some() {
                    table_writer.write_entry::<u32>(0);
                }
                if prepared_entities.is_some() {
                    table_writer.write_entry::<::planus::Offset<[self::Entity]>>(1);
                }

                unsafe {
                    table_writer.finish(builder, |object_writer| {
                        if let ::core::option::Option::Some(prepared_tick) = prepared_tick {
                            object_writer.write::<_, _, 4>(&prepared_tick);
                        }
                        if let ::core::option::Option::Some(prepared_entities) = prepared_entities {
                            object_writer.write::<_, _, 4>(&prepared_entities);
                        }
                    });
                }
                builder.current_offset()
            }
        }

        impl ::planus::WriteAs<::planus::Offset<Snapshot>> for Snapshot {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Snapshot> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl ::planus::WriteAsOptional<::planus::Offset<Snapshot>> for Snapshot {
            type Prepared = ::planus::Offset<Self>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Snapshot>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl ::planus::WriteAsOffset<Snapshot> for Snapshot {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Snapshot> {
                Snapshot::create(builder, self.tick, &self.entities)
            }
        }

        /// Builder for serializing an instance of the [Snapshot] type.
        ///
        /// Can be created using the [Snapshot::builder] method.
        #[derive(Debug)]
        #[must_use]
        pub struct SnapshotBuilder<State>(State);

        impl SnapshotBuilder<()> {
            /// Setter for the [`tick` field](Snapshot#structfield.tick).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn tick<T0>(self, value: T0) -> SnapshotBuilder<(T0,)>
            where
                T0: ::planus::WriteAsDefault<u32, u32>,
            {
                SnapshotBuilder((value,))
            }

            /// Sets the [`tick` field](Snapshot#structfield.tick) to the default value.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn tick_as_default(self) -> SnapshotBuilder<(::planus::DefaultValue,)> {
                self.tick(::planus::DefaultValue)
            }
        }

        impl<T0> SnapshotBuilder<(T0,)> {
            /// Setter for the [`entities` field](Snapshot#structfield.entities).
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn entities<T1>(self, value: T1) -> SnapshotBuilder<(T0, T1)>
            where
                T1: ::planus::WriteAsOptional<::planus::Offset<[self::Entity]>>,
            {
                let (v0,) = self.0;
                SnapshotBuilder((v0, value))
            }

            /// Sets the [`entities` field](Snapshot#structfield.entities) to null.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn entities_as_null(self) -> SnapshotBuilder<(T0, ())> {
                self.entities(())
            }
        }

        impl<T0, T1> SnapshotBuilder<(T0, T1)> {
            /// Finish writing the builder to get an [Offset](::planus::Offset) to a serialized [Snapshot].
            #[inline]
            pub fn finish(self, builder: &mut ::planus::Builder) -> ::planus::Offset<Snapshot>
            where
                Self: ::planus::WriteAsOffset<Snapshot>,
            {
                ::planus::WriteAsOffset::prepare(&self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u32, u32>,
                T1: ::planus::WriteAsOptional<::planus::Offset<[self::Entity]>>,
            > ::planus::WriteAs<::planus::Offset<Snapshot>> for SnapshotBuilder<(T0, T1)>
        {
            type Prepared = ::planus::Offset<Snapshot>;

            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Snapshot> {
                ::planus::WriteAsOffset::prepare(self, builder)
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u32, u32>,
                T1: ::planus::WriteAsOptional<::planus::Offset<[self::Entity]>>,
            > ::planus::WriteAsOptional<::planus::Offset<Snapshot>> for SnapshotBuilder<(T0, T1)>
        {
            type Prepared = ::planus::Offset<Snapshot>;

            #[inline]
            fn prepare(
                &self,
                builder: &mut ::planus::Builder,
            ) -> ::core::option::Option<::planus::Offset<Snapshot>> {
                ::core::option::Option::Some(::planus::WriteAsOffset::prepare(self, builder))
            }
        }

        impl<
                T0: ::planus::WriteAsDefault<u32, u32>,
                T1: ::planus::WriteAsOptional<::planus::Offset<[self::Entity]>>,
            > ::planus::WriteAsOffset<Snapshot> for SnapshotBuilder<(T0, T1)>
        {
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> ::planus::Offset<Snapshot> {
                let (v0, v1) = &self.0;
                Snapshot::create(builder, v0, v1)
            }
        }

        /// Reference to a deserialized [Snapshot].
        #[derive(Copy, Clone)]
        pub struct SnapshotRef<'a>(#[allow(dead_code)] ::planus::table_reader::Table<'a>);

        impl<'a> SnapshotRef<'a> {
            /// Getter for the [`tick` field](Snapshot#structfield.tick).
            #[inline]
            pub fn tick(&self) -> ::planus::Result<u32> {
                ::core::result::Result::Ok(self.0.access(0, "Snapshot", "tick")?.unwrap_or(0))
            }

            /// Getter for the [`entities` field](Snapshot#structfield.entities).
            #[inline]
            pub fn entities(
                &self,
            ) -> ::planus::Result<::core::option::Option<::planus::Vector<'a, self::EntityRef<'a>>>>
            {
                self.0.access(1, "Snapshot", "entities")
            }
        }

        impl<'a> ::core::fmt::Debug for SnapshotRef<'a> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut f = f.debug_struct("SnapshotRef");
                f.field("tick", &self.tick());
                if let ::core::option::Option::Some(field_entities) = self.entities().transpose() {
                    f.field("entities", &field_entities);
                }
                f.finish()
            }
        }

        impl<'a> ::core::convert::TryFrom<SnapshotRef<'a>> for Snapshot {
            type Error = ::planus::Error;

            #[allow(unreachable_code)]
            fn try_from(value: SnapshotRef<'a>) -> ::planus::Result<Self> {
                ::core::result::Result::Ok(Self {
                    tick: ::core::convert::TryInto::try_into(value.tick()?)?,
                    entities: if let ::core::option::Option::Some(entities) = value.entities()? {
                        ::core::option::Option::Some(entities.to_vec()?)
                    } else {
                        ::core::option::Option::None
                    },
                })
            }
        }

        impl<'a> ::planus::TableRead<'a> for SnapshotRef<'a> {
            #[inline]
            fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::core::result::Result<Self, ::planus::errors::ErrorKind> {
                ::core::result::Result::Ok(Self(::planus::table_reader::Table::from_buffer(
                    buffer, offset,
                )?))
            }
        }

        impl<'a> ::planus::VectorReadInner<'a> for SnapshotRef<'a> {
            type Error = ::planus::Error;
            const STRIDE: usize = 4;

            unsafe fn from_buffer(
                buffer: ::planus::SliceWithStartOffset<'a>,
                offset: usize,
            ) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(buffer, offset).map_err(|error_kind| {
                    error_kind.with_error_location("[SnapshotRef]", "get", buffer.offset_from_start)
                })
            }
        }

        /// # Safety
        /// The planus compiler generates implementations that initialize
        /// the bytes in `write_values`.
        unsafe impl ::planus::VectorWrite<::planus::Offset<Snapshot>> for Snapshot {
            type Value = ::planus::Offset<Snapshot>;
            const STRIDE: usize = 4;
            #[inline]
            fn prepare(&self, builder: &mut ::planus::Builder) -> Self::Value {
                ::planus::WriteAs::prepare(self, builder)
            }

            #[inline]
            unsafe fn write_values(
                values: &[::planus::Offset<Snapshot>],
                bytes: *mut ::core::mem::MaybeUninit<u8>,
                buffer_position: u32,
            ) {
                let bytes = bytes as *mut [::core::mem::MaybeUninit<u8>; 4];
                for (i, v) in ::core::iter::Iterator::enumerate(values.iter()) {
                    ::planus::WriteAsPrimitive::write(
                        v,
                        ::planus::Cursor::new(unsafe { &mut *bytes.add(i) }),
                        buffer_position - (Self::STRIDE * i) as u32,
                    );
                }
            }
        }

        impl<'a> ::planus::ReadAsRoot<'a> for SnapshotRef<'a> {
            fn read_as_root(slice: &'a [u8]) -> ::planus::Result<Self> {
                ::planus::TableRead::from_buffer(
                    ::planus::SliceWithStartOffset {
                        buffer: slice,
                        offset_from_start: 0,
                    },
                    0,
                )
                .map_err(|error_kind| {
                    error_kind.with_error_location("[SnapshotRef]", "read_as_root", 0)
                })
            }
        }
    }
}

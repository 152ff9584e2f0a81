//! The generated types of every protocol, once for all tests that go over them.

/// Calls the macro `$with` with the name of a protocol's module and its types: owned forms, views, and the names in the
/// schema where those are others.
#[macro_export]
macro_rules! types {
    ($with:ident quickstart) => {
        $with!(quickstart:
            Vec3 / Vec3View,
            Move / MoveView,
        )
    };
    ($with:ident game) => {
        $with!(game:
            SessionGrant / SessionGrantView,
            ServerInfo / ServerInfoView,
            Vec3 / Vec3View,
            Entity / EntityView,
            EntityMotion / EntityMotionView,
            Arrival / ArrivalView,
            GuildInfo / GuildInfoView,
            RoomInfo / RoomInfoView,
            LoginRequest / LoginRequestView,
            LoginResponse / LoginResponseView,
            RegisterRequest / RegisterRequestView,
            RegisterResponse / RegisterResponseView,
            ResumeRequest / ResumeRequestView,
            ResumeResponse / ResumeResponseView,
            Logout / LogoutView,
            LogoutResponse / LogoutResponseView,
            EnterWorld / EnterWorldView,
            WorldEntered / WorldEnteredView,
            Move / MoveView,
            EntitiesMoved / EntitiesMovedView,
            MoveRejected / MoveRejectedView,
            WorldSnapshot / WorldSnapshotView,
            EntityEntered / EntityEnteredView,
            EntityLeft / EntityLeftView,
            Attack / AttackView,
            CombatResult / CombatResultView,
            LeaveWorld / LeaveWorldView,
            WorldLeft / WorldLeftView,
            GuildCreate / GuildCreateView,
            GuildInvite / GuildInviteView,
            GuildInvited / GuildInvitedView,
            GuildJoin / GuildJoinView,
            GuildLeave / GuildLeaveView,
            GuildListRequest / GuildListRequestView,
            GuildList / GuildListView,
            GuildWarStart / GuildWarStartView,
            GuildWarEnd / GuildWarEndView,
            GuildWar / GuildWarView,
            GuildResult / GuildResultView,
            Say / SayView,
            ChatMessage / ChatMessageView,
            Whisper / WhisperView,
            Broadcast / BroadcastView,
            RoomCreate / RoomCreateView,
            RoomJoin / RoomJoinView,
            RoomLeave / RoomLeaveView,
            RoomListRequest / RoomListRequestView,
            RoomList / RoomListView,
            RoomMessage / RoomMessageView,
            RoomResult / RoomResultView,
            RoomEvent / RoomEventView,
            Heartbeat / HeartbeatView,
            HeartbeatReply / HeartbeatReplyView,
            Hello / HelloView,
            Welcome / WelcomeView,
            TimeSyncRequest / TimeSyncRequestView,
            TimeSyncResponse / TimeSyncResponseView,
            EchoRequest / EchoRequestView,
            EchoReply / EchoReplyView,
            ServerNotice / ServerNoticeView,
            KickNotice / KickNoticeView,
            Error / ErrorView,
        )
    };
    ($with:ident inet) => {
        $with!(inet:
            Arp / ArpView,
            Ipv4 / Ipv4View,
            Ipv6 / Ipv6View,
            IcmpEcho / IcmpEchoView,
            IcmpError / IcmpErrorView,
            Icmp / IcmpView,
            Icmpv6 / Icmpv6View,
            Udp / UdpView,
            Tcp / TcpView,
            Ethernet / EthernetView,
        )
    };
    ($with:ident modbus) => {
        $with!(modbus:
            DeviceObject / DeviceObjectView,
            ReadDeviceIdRequest / ReadDeviceIdRequestView,
            ReadDeviceIdResponse / ReadDeviceIdResponseView,
            ReadCoilsRequest / ReadCoilsRequestView,
            ReadCoilsResponse / ReadCoilsResponseView,
            ReadDiscreteInputsRequest / ReadDiscreteInputsRequestView,
            ReadDiscreteInputsResponse / ReadDiscreteInputsResponseView,
            ReadHoldingRegistersRequest / ReadHoldingRegistersRequestView,
            ReadHoldingRegistersResponse / ReadHoldingRegistersResponseView,
            ReadInputRegistersRequest / ReadInputRegistersRequestView,
            ReadInputRegistersResponse / ReadInputRegistersResponseView,
            WriteSingleCoil / WriteSingleCoilView,
            WriteSingleRegister / WriteSingleRegisterView,
            WriteMultipleCoilsRequest / WriteMultipleCoilsRequestView,
            WriteMultipleCoilsResponse / WriteMultipleCoilsResponseView,
            WriteMultipleRegistersRequest / WriteMultipleRegistersRequestView,
            WriteMultipleRegistersResponse / WriteMultipleRegistersResponseView,
            MaskWriteRegister / MaskWriteRegisterView,
            ReadWriteMultipleRegistersRequest / ReadWriteMultipleRegistersRequestView,
            ReadWriteMultipleRegistersResponse / ReadWriteMultipleRegistersResponseView,
            EncapsulatedInterfaceRequest / EncapsulatedInterfaceRequestView,
            EncapsulatedInterfaceResponse / EncapsulatedInterfaceResponseView,
            Exception / ExceptionView,
        )
    };
    ($with:ident mqtt) => {
        $with!(mqtt:
            Will / WillView,
            Subscription / SubscriptionView,
            TopicFilter / TopicFilterView,
            Connect / ConnectView,
            Connack / ConnackView,
            Publish / PublishView,
            Puback / PubackView,
            Pubrec / PubrecView,
            Pubrel / PubrelView,
            Pubcomp / PubcompView,
            Subscribe / SubscribeView,
            Suback / SubackView,
            Unsubscribe / UnsubscribeView,
            Unsuback / UnsubackView,
            Pingreq / PingreqView,
            Pingresp / PingrespView,
            Disconnect / DisconnectView,
        )
    };
    ($with:ident postgres) => {
        $with!(postgres:
            Value / ValueView,
            Parameter / ParameterView,
            ProtocolOption / ProtocolOptionView,
            Mechanism / MechanismView,
            SaslMechanisms / SaslMechanismsView,
            Md5Salt / Md5SaltView,
            Column / ColumnView,
            ErrorField / ErrorFieldView,
            StartupMessage / StartupMessageView,
            CancelRequest / CancelRequestView,
            SSLRequest / SSLRequestView,
            GSSENCRequest / GSSENCRequestView,
            EncryptionResponse / EncryptionResponseView,
            Authentication / AuthenticationView,
            AuthenticationResponse / AuthenticationResponseView,
            NegotiateProtocolVersion / NegotiateProtocolVersionView,
            BackendKeyData / BackendKeyDataView,
            ParameterStatus / ParameterStatusView,
            ReadyForQuery / ReadyForQueryView,
            Query / QueryView,
            RowDescription / RowDescriptionView,
            DataRow / DataRowView,
            CommandComplete / CommandCompleteView,
            EmptyQueryResponse / EmptyQueryResponseView,
            ErrorResponse / ErrorResponseView,
            NoticeResponse / NoticeResponseView,
            NotificationResponse / NotificationResponseView,
            Parse / ParseView,
            Bind / BindView,
            Describe / DescribeView,
            Execute / ExecuteView,
            Close / CloseView,
            Flush / FlushView,
            Sync / SyncView,
            ParseComplete / ParseCompleteView,
            BindComplete / BindCompleteView,
            CloseComplete / CloseCompleteView,
            ParameterDescription / ParameterDescriptionView,
            NoData / NoDataView,
            PortalSuspended / PortalSuspendedView,
            FunctionCall / FunctionCallView,
            FunctionCallResponse / FunctionCallResponseView,
            CopyInResponse / CopyInResponseView,
            CopyOutResponse / CopyOutResponseView,
            CopyBothResponse / CopyBothResponseView,
            CopyData / CopyDataView,
            CopyDone / CopyDoneView,
            CopyFail / CopyFailView,
            Terminate / TerminateView,
        )
    };
    ($with:ident mavlink) => {
        $with!(mavlink:
            Heartbeat / HeartbeatView,
            SysStatus / SysStatusView,
            ParamRequestRead / ParamRequestReadView,
            ParamValue / ParamValueView,
            Attitude / AttitudeView,
            GlobalPositionInt / GlobalPositionIntView,
            CommandLong / CommandLongView,
            CommandAck / CommandAckView,
            Statustext / StatustextView,
        )
    };
    ($with:ident mmo) => {
        $with!(mmo:
            Item / ItemView,
            Position / PositionView,
            Walk / WalkView,
            Say / SayView,
            Inventory / InventoryView,
            Terrain / TerrainView,
        )
    };
    ($with:ident oddities) => {
        $with!(oddities:
            BigMsb / BigMsbView,
            BigLsb / BigLsbView,
            LittleMsb / LittleMsbView,
            LittleLsb / LittleLsbView,
            Widths / WidthsView,
            Point / PointView,
            Texts / TextsView,
            Arrays / ArraysView,
            Sized / SizedView,
            Runs / RunsView,
            Tail / TailView,
            Optionals / OptionalsView,
            Choice / ChoiceView,
            Nested / NestedView,
            Summed / SummedView,
            Zeros / ZerosView,
            Unnamed / UnnamedView,
            Signs / SignsView,
            Steps / StepsView,
            Keywords / KeywordsView,
            Everything / EverythingView,
        )
    };
    ($with:ident arrays) => {
        $with!(arrays:
            Tlv / TlvView,
            Attribute / AttributeView,
            Named / NamedView,
            Short / ShortView,
            Flagged / FlaggedView,
            Record / RecordView,
            Loose / LooseView,
            Deep / DeepView,
            Inner / InnerView,
            Odd / OddView,
            Named24 / Named24View,
            Until / UntilView,
            UntilStructs / UntilStructsView,
            Varints / VarintsView,
            Padded / PaddedView,
            Aligned / AlignedView,
            Counted / CountedView,
            Cases / CasesView,
        )
    };
    ($with:ident runs) => {
        $with!(runs:
            Circle / CircleView,
            BigMsb / BigMsbView,
            BigLsb / BigLsbView,
            LittleMsb / LittleMsbView,
            LittleLsb / LittleLsbView,
            Presence / PresenceView,
            Ended / EndedView,
            Values / ValuesView,
            Sums / SumsView,
            Measures / MeasuresView,
            Filled / FilledView,
        )
    };
    ($with:ident policies) => {
        $with!(policies:
            Point / PointView,
            Item / ItemView,
            Flags / FlagsView,
            Items / ItemsView,
            Rest / RestView,
            Loose / LooseView,
            Strict / StrictView,
            Fixed / FixedView,
        )
    };
    ($with:ident numbers) => {
        $with!(numbers:
            Pair / PairView,
            Plain / PlainView,
            Limited / LimitedView,
            Lenient / LenientView,
            Prefixes / PrefixesView,
            Derived / DerivedView,
            Lists / ListsView,
            Marked / MarkedView,
            Measured / MeasuredView,
        )
    };
    ($with:ident texts) => {
        $with!(texts:
            Entry / EntryView,
            Latin / LatinView,
            Wide / WideView,
            Ended / EndedView,
            Entries / EntriesView,
            Measured / MeasuredView,
        )
    };
    ($with:ident metadata) => {
        $with!(metadata:
            Limits / LimitsView,
            Defaults / DefaultsView,
            Measured / MeasuredView,
            Nothing / NothingView,
        )
    };
    ($with:ident framing) => {
        $with!(framing:
            Cell / CellView,
            Query / QueryView,
            Describe / DescribeView,
            DataRow / DataRowView,
            Terminate / TerminateView,
            StartUp / StartUpView,
            Cancel / CancelView,
            ReadRequest / ReadRequestView,
            ReadResponse / ReadResponseView,
            Exception / ExceptionView,
            Tick / TickView,
            Tock / TockView,
        )
    };
    ($with:ident framing_modes) => {
        $with!(framing_modes:
            Connect / ConnectView,
            Publish / PublishView,
            Ping / PingView,
            Raw / RawView,
            Say / SayView,
            Quit / QuitView,
            On / OnView,
            Note / NoteView,
            Whole / WholeView,
            Beacon / BeaconView,
            Beat / BeatView,
            Twelve / TwelveView,
        )
    };
    ($with:ident framing_varying) => {
        $with!(framing_varying:
            Connect / ConnectView,
            Publish / PublishView,
            Ping / PingView,
            Handshake / HandshakeView,
            Status / StatusView,
            Large / LargeView,
            Data / DataView,
            Piece / PieceView,
        )
    };
    ($with:ident imports) => {
        $with!(imports:
            Vec3 / Vec3View,
            GeometryVec3 / GeometryVec3View = "geometry.Vec3",
            GeometryRun / GeometryRunView = "geometry.Run",
            GeometryBox / GeometryBoxView = "geometry.Box",
            MetaOwner_ / MetaOwnerView = "meta.Owner",
            Placed / PlacedView,
            Several / SeveralView,
        )
    };
    ($with:ident checksums) => {
        $with!(checksums:
            Chunk / ChunkView,
            ModbusRtu / ModbusRtuView,
            Mavlink / MavlinkView,
            Png / PngView,
            Iscsi / IscsiView,
            Small / SmallView,
            Wide / WideView,
            Circular / CircularView,
            Aligned / AlignedView,
        )
    };
    ($with:ident summed) => {
        $with!(summed:
            Ping / PingView,
            Text / TextView,
            Inner / InnerView,
        )
    };
    ($with:ident bulk) => {
        $with!(bulk:
            Entity / EntityView,
            Place / PlaceView,
            Server / ServerView,
            Group / GroupView,
            Snapshot / SnapshotView,
            Places / PlacesView,
            Numbers / NumbersView,
            Servers / ServersView,
        )
    };
    ($with:ident session) => {
        $with!(session:
            Hello / HelloView,
            Offer / OfferView,
            Login / LoginView,
            Answer / AnswerView,
            Move / MoveView,
            Pause / PauseView,
            Say / SayView,
            Bye / ByeView,
        )
    };
}

/// Every protocol of [`codecs::ALL`](crate::codecs::ALL), in its order, with what the macro `$with` makes of its types.
#[macro_export]
macro_rules! every_protocol {
    ($with:ident) => {
        &[
            ($crate::codecs::QUICKSTART, $crate::types!($with quickstart)),
            ($crate::codecs::GAME, $crate::types!($with game)),
            ($crate::codecs::INET, $crate::types!($with inet)),
            ($crate::codecs::MODBUS, $crate::types!($with modbus)),
            ($crate::codecs::MQTT, $crate::types!($with mqtt)),
            ($crate::codecs::POSTGRES, $crate::types!($with postgres)),
            ($crate::codecs::MAVLINK, $crate::types!($with mavlink)),
            ($crate::codecs::MMO, $crate::types!($with mmo)),
            ($crate::codecs::ODDITIES, $crate::types!($with oddities)),
            ($crate::codecs::ARRAYS, $crate::types!($with arrays)),
            ($crate::codecs::RUNS, $crate::types!($with runs)),
            ($crate::codecs::POLICIES, $crate::types!($with policies)),
            ($crate::codecs::CHECKSUMS, $crate::types!($with checksums)),
            ($crate::codecs::SUMMED, $crate::types!($with summed)),
            ($crate::codecs::BULK, $crate::types!($with bulk)),
            ($crate::codecs::SESSION, $crate::types!($with session)),
            ($crate::codecs::NUMBERS, $crate::types!($with numbers)),
            ($crate::codecs::TEXTS, $crate::types!($with texts)),
            ($crate::codecs::METADATA, $crate::types!($with metadata)),
            ($crate::codecs::IMPORTS, $crate::types!($with imports)),
            ($crate::codecs::FRAMING, $crate::types!($with framing)),
            ($crate::codecs::FRAMING_MODES, $crate::types!($with framing_modes)),
            ($crate::codecs::FRAMING_VARYING, $crate::types!($with framing_varying)),
        ]
    };
}

/// A module `generated` with every protocol, generated with an option of `packet_schema!`.
#[macro_export]
macro_rules! generated_with {
    ($option:ident) => {
        // They are not for others, and as the schemas have them.
        #[allow(missing_docs, unreachable_pub, clippy::doc_markdown)]
        mod generated {
            pub(super) mod quickstart {
                packet_derive::packet_schema!("../schemas/quickstart.yaml", $option = true);
            }
            pub(super) use $crate::extras::game;
            pub(super) mod inet {
                packet_derive::packet_schema!("../schemas/inet.yaml", $option = true);
            }
            pub(super) mod modbus {
                packet_derive::packet_schema!("../schemas/modbus.yaml", $option = true);
            }
            pub(super) mod mqtt {
                packet_derive::packet_schema!("../schemas/mqtt.yaml", $option = true);
            }
            pub(super) mod postgres {
                packet_derive::packet_schema!("../schemas/postgres.yaml", $option = true);
            }
            pub(super) mod mavlink {
                packet_derive::packet_schema!("../schemas/mavlink.yaml", $option = true);
            }
            pub(super) mod mmo {
                packet_derive::packet_schema!("../schemas/mmo.yaml", $option = true);
            }
            pub(super) mod oddities {
                packet_derive::packet_schema!("schemas/oddities.yaml", $option = true);
            }
            pub(super) mod arrays {
                packet_derive::packet_schema!("schemas/arrays.yaml", $option = true);
            }
            pub(super) mod runs {
                packet_derive::packet_schema!("schemas/runs.yaml", $option = true);
            }
            pub(super) mod policies {
                packet_derive::packet_schema!("schemas/policies.yaml", $option = true);
            }
            pub(super) mod checksums {
                packet_derive::packet_schema!("schemas/checksums.yaml", $option = true);
            }
            pub(super) mod summed {
                packet_derive::packet_schema!("schemas/summed.yaml", $option = true);
            }
            pub(super) mod bulk {
                packet_derive::packet_schema!("schemas/bulk.yaml", $option = true);
            }
            pub(super) mod session {
                packet_derive::packet_schema!("schemas/session.yaml", $option = true);
            }
            pub(super) mod numbers {
                packet_derive::packet_schema!("schemas/numbers.yaml", $option = true);
            }
            pub(super) mod texts {
                packet_derive::packet_schema!("schemas/texts.yaml", $option = true);
            }
            pub(super) mod metadata {
                packet_derive::packet_schema!("schemas/metadata.yaml", $option = true);
            }
            pub(super) mod imports {
                packet_derive::packet_schema!("schemas/imports.yaml", $option = true);
            }
            pub(super) mod framing {
                packet_derive::packet_schema!("schemas/framing.yaml", $option = true);
            }
            pub(super) mod framing_modes {
                packet_derive::packet_schema!("schemas/framing_modes.yaml", $option = true);
            }
            pub(super) mod framing_varying {
                packet_derive::packet_schema!("schemas/framing_varying.yaml", $option = true);
            }
        }
    };
}

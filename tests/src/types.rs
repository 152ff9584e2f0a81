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
            Vec3 / Vec3View,
            ServerInfo / ServerInfoView,
            LoginRequest / LoginRequestView,
            LoginResponse / LoginResponseView,
            Heartbeat / HeartbeatView,
            Move / MoveView,
            PlayerMoved / PlayerMovedView,
            Chat / ChatView,
            ChatMessage / ChatMessageView,
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

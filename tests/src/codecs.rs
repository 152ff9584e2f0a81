//! The generated codecs behind one signature, so that a test can go over all of them.

use packet_runtime::{DecodeError, Encode, ErrorKind, View};
use packet_schema::layout::{Layout, StructId};
use packet_schema::source::File;

/// What a decoder found wrong, in a form that all implementations share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Path of the field.
    pub field: String,
    /// Byte offset from the packet's start.
    pub offset: usize,
    /// What is wrong.
    pub kind: ErrorKind,
}

impl From<DecodeError> for Wrong {
    fn from(error: DecodeError) -> Self {
        Self {
            field: error.field().to_string(),
            offset: error.offset(),
            kind: error.kind(),
        }
    }
}

impl From<Box<packet_schema::codec::DecodeError>> for Wrong {
    fn from(error: Box<packet_schema::codec::DecodeError>) -> Self {
        Self {
            field: error.field,
            offset: error.offset,
            kind: error.kind,
        }
    }
}

/// What became of bytes that were decoded and encoded again.
pub type Again = Result<Result<Vec<u8>, String>, Wrong>;

/// The generated codec of one struct or packet.
#[derive(Clone, Copy)]
pub struct Codec {
    /// Its name in the schema.
    pub name: &'static str,
    /// Decodes bytes as exactly one value, takes it over into the owned form, and encodes that.
    pub again: fn(&[u8]) -> Again,
}

fn again<'a, V, O>(bytes: &'a [u8]) -> Again
where
    V: View<'a>,
    O: From<V> + Encode,
{
    let view = V::parse(bytes)?;
    // What a packet ignores behind its last field is none of its bytes.
    assert!(bytes.starts_with(view.as_bytes()), "a view has its bytes");
    Ok(O::from(view).to_vec().map_err(|error| error.to_string()))
}

macro_rules! codecs {
    ($module:ident: $($owned:ident / $view:ident $(= $name:literal)?),* $(,)?) => {
        &[$(Codec {
            name: codecs!(@name $owned $($name)?),
            again: |bytes| again::<crate::$module::$view<'_>, crate::$module::$owned>(bytes),
        }),*]
    };
    (@name $owned:ident) => { stringify!($owned) };
    (@name $owned:ident $name:literal) => { $name };
}

/// A bundled protocol: its schema, and its generated codecs.
#[derive(Clone, Copy)]
pub struct Protocol {
    /// The schema's text.
    pub schema: &'static str,
    /// The codec of every struct and packet.
    pub codecs: &'static [Codec],
}

impl Protocol {
    /// The schema's layout.
    ///
    /// # Panics
    /// If the schema has an error.
    pub fn layout(&self) -> Layout {
        let file = |path: &str, text: &str| File {
            id: path.to_owned(),
            name: path.to_owned(),
            bytes: text.into(),
        };
        let mut load = |path: &str| {
            let found = IMPORTED.iter().find(|(known, _)| *known == path);
            let (_, text) = found.ok_or_else(|| format!("{path} is not among the tests' files"))?;
            Ok(file(path, text))
        };
        let (_, compiled) = packet_schema::compile_files(file("", self.schema), &mut load);
        compiled
            .unwrap_or_else(|problems| panic!("{problems:#?}"))
            .layout
    }

    /// Each codec with its struct's number in `layout`, which is this protocol's.
    ///
    /// # Panics
    /// If a codec's struct is not in the layout.
    pub fn codecs(&self, layout: &Layout) -> Vec<(StructId, Codec)> {
        let find = |codec: &Codec| {
            let id = layout.struct_named(codec.name);
            (
                id.unwrap_or_else(|| panic!("no struct {}", codec.name)),
                *codec,
            )
        };
        self.codecs.iter().map(find).collect()
    }
}

/// What the schemas import.
const IMPORTED: &[(&str, &str)] = &[
    (
        "imports/geometry.yaml",
        include_str!("../schemas/imports/geometry.yaml"),
    ),
    (
        "imports/meta.yaml",
        include_str!("../schemas/imports/meta.yaml"),
    ),
    (
        "imports/units.yaml",
        include_str!("../schemas/imports/units.yaml"),
    ),
];

/// `schemas/quickstart.yaml`.
pub const QUICKSTART: Protocol = Protocol {
    schema: include_str!("../../schemas/quickstart.yaml"),
    codecs: codecs!(quickstart: Vec3 / Vec3View, Move / MoveView),
};

/// `schemas/game.yaml`.
pub const GAME: Protocol = Protocol {
    schema: include_str!("../../schemas/game.yaml"),
    codecs: codecs!(game:
        Vec3 / Vec3View,
        ServerInfo / ServerInfoView,
        LoginRequest / LoginRequestView,
        LoginResponse / LoginResponseView,
        Heartbeat / HeartbeatView,
        Move / MoveView,
        PlayerMoved / PlayerMovedView,
        Chat / ChatView,
        ChatMessage / ChatMessageView,
    ),
};

/// `schemas/inet.yaml`.
pub const INET: Protocol = Protocol {
    schema: include_str!("../../schemas/inet.yaml"),
    codecs: codecs!(inet:
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
    ),
};

/// `schemas/modbus.yaml`.
pub const MODBUS: Protocol = Protocol {
    schema: include_str!("../../schemas/modbus.yaml"),
    codecs: codecs!(modbus:
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
    ),
};

/// `schemas/mqtt.yaml`.
pub const MQTT: Protocol = Protocol {
    schema: include_str!("../../schemas/mqtt.yaml"),
    codecs: codecs!(mqtt:
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
    ),
};

/// `schemas/postgres.yaml`.
pub const POSTGRES: Protocol = Protocol {
    schema: include_str!("../../schemas/postgres.yaml"),
    codecs: codecs!(postgres:
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
    ),
};

/// `schemas/mavlink.yaml`.
pub const MAVLINK: Protocol = Protocol {
    schema: include_str!("../../schemas/mavlink.yaml"),
    codecs: codecs!(mavlink:
        Heartbeat / HeartbeatView,
        SysStatus / SysStatusView,
        ParamRequestRead / ParamRequestReadView,
        ParamValue / ParamValueView,
        Attitude / AttitudeView,
        GlobalPositionInt / GlobalPositionIntView,
        CommandLong / CommandLongView,
        CommandAck / CommandAckView,
        Statustext / StatustextView,
    ),
};

/// `schemas/mmo.yaml`.
pub const MMO: Protocol = Protocol {
    schema: include_str!("../../schemas/mmo.yaml"),
    codecs: codecs!(mmo:
        Item / ItemView,
        Position / PositionView,
        Walk / WalkView,
        Say / SayView,
        Inventory / InventoryView,
        Terrain / TerrainView,
    ),
};

/// Constructs that the bundled protocols do not have.
pub const ODDITIES: Protocol = Protocol {
    schema: include_str!("../schemas/oddities.yaml"),
    codecs: codecs!(oddities:
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
    ),
};

/// `tests/schemas/arrays.yaml`.
pub const ARRAYS: Protocol = Protocol {
    schema: include_str!("../schemas/arrays.yaml"),
    codecs: codecs!(arrays:
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
    ),
};

/// `tests/schemas/runs.yaml`.
pub const RUNS: Protocol = Protocol {
    schema: include_str!("../schemas/runs.yaml"),
    codecs: codecs!(runs:
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
    ),
};

/// `tests/schemas/policies.yaml`.
pub const POLICIES: Protocol = Protocol {
    schema: include_str!("../schemas/policies.yaml"),
    codecs: codecs!(policies:
        Point / PointView,
        Item / ItemView,
        Flags / FlagsView,
        Items / ItemsView,
        Rest / RestView,
        Loose / LooseView,
        Strict / StrictView,
        Fixed / FixedView,
    ),
};

/// Numbers whose size follows from their value.
pub const NUMBERS: Protocol = Protocol {
    schema: include_str!("../schemas/numbers.yaml"),
    codecs: codecs!(numbers:
        Pair / PairView,
        Plain / PlainView,
        Limited / LimitedView,
        Lenient / LenientView,
        Prefixes / PrefixesView,
        Derived / DerivedView,
        Lists / ListsView,
        Marked / MarkedView,
        Measured / MeasuredView,
    ),
};

/// Text in every encoding.
pub const TEXTS: Protocol = Protocol {
    schema: include_str!("../schemas/texts.yaml"),
    codecs: codecs!(texts:
        Entry / EntryView,
        Latin / LatinView,
        Wide / WideView,
        Ended / EndedView,
        Entries / EntriesView,
        Measured / MeasuredView,
    ),
};

/// Defaults, scales and versions.
pub const METADATA: Protocol = Protocol {
    schema: include_str!("../schemas/metadata.yaml"),
    codecs: codecs!(metadata:
        Limits / LimitsView,
        Defaults / DefaultsView,
        Measured / MeasuredView,
        Nothing / NothingView,
    ),
};

/// The same ids in both directions, ranges of ids, several framings.
pub const FRAMING: Protocol = Protocol {
    schema: include_str!("../schemas/framing.yaml"),
    codecs: codecs!(framing:
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
    ),
};

/// Headers that packets change, trailers, and packets without a size.
pub const FRAMING_MODES: Protocol = Protocol {
    schema: include_str!("../schemas/framing_modes.yaml"),
    codecs: codecs!(framing_modes:
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
    ),
};

/// Headers whose size varies.
pub const FRAMING_VARYING: Protocol = Protocol {
    schema: include_str!("../schemas/framing_varying.yaml"),
    codecs: codecs!(framing_varying:
        Connect / ConnectView,
        Publish / PublishView,
        Ping / PingView,
        Handshake / HandshakeView,
        Status / StatusView,
        Large / LargeView,
        Data / DataView,
        Piece / PieceView,
    ),
};

/// Types of other files.
pub const IMPORTS: Protocol = Protocol {
    schema: include_str!("../schemas/imports.yaml"),
    codecs: codecs!(imports:
        Vec3 / Vec3View,
        GeometryVec3 / GeometryVec3View = "geometry.Vec3",
        GeometryRun / GeometryRunView = "geometry.Run",
        GeometryBox / GeometryBoxView = "geometry.Box",
        MetaOwner_ / MetaOwnerView = "meta.Owner",
        Placed / PlacedView,
        Several / SeveralView,
    ),
};

/// `tests/schemas/checksums.yaml`.
pub const CHECKSUMS: Protocol = Protocol {
    schema: include_str!("../schemas/checksums.yaml"),
    codecs: codecs!(checksums:
        Chunk / ChunkView,
        ModbusRtu / ModbusRtuView,
        Mavlink / MavlinkView,
        Png / PngView,
        Iscsi / IscsiView,
        Small / SmallView,
        Wide / WideView,
        Circular / CircularView,
        Aligned / AlignedView,
    ),
};

/// `tests/schemas/summed.yaml`.
pub const SUMMED: Protocol = Protocol {
    schema: include_str!("../schemas/summed.yaml"),
    codecs: codecs!(summed: Ping / PingView, Text / TextView, Inner / InnerView),
};

/// `tests/schemas/session.yaml`.
pub const SESSION: Protocol = Protocol {
    schema: include_str!("../schemas/session.yaml"),
    codecs: codecs!(session:
        Hello / HelloView,
        Offer / OfferView,
        Login / LoginView,
        Answer / AnswerView,
        Move / MoveView,
        Pause / PauseView,
        Say / SayView,
        Bye / ByeView,
    ),
};

/// All of them.
pub const ALL: &[Protocol] = &[
    QUICKSTART,
    GAME,
    INET,
    MODBUS,
    MQTT,
    POSTGRES,
    MAVLINK,
    MMO,
    ODDITIES,
    ARRAYS,
    RUNS,
    POLICIES,
    CHECKSUMS,
    SUMMED,
    SESSION,
    NUMBERS,
    TEXTS,
    METADATA,
    IMPORTS,
    FRAMING,
    FRAMING_MODES,
    FRAMING_VARYING,
];

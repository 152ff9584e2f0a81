//! The enums and flags of `schemas/mavlink.yaml`.

use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
pub(super) enum MavType {
    Generic,
    FixedWing,
    Quadrotor,
    Coaxial,
    Helicopter,
    AntennaTracker,
    Gcs,
    Airship,
    FreeBalloon,
    Rocket,
    GroundRover,
    SurfaceBoat,
    Submarine,
    Hexarotor,
    Octorotor,
    Tricopter,
    FlappingWing,
    Kite,
    OnboardController,
    VtolDuorotor,
    VtolQuadrotor,
    VtolTiltrotor,
    VtolReserved2,
    VtolReserved3,
    VtolReserved4,
    VtolReserved5,
    Gimbal,
    Adsb,
    Parafoil,
    Dodecarotor,
    Camera,
    ChargingStation,
    Flarm,
    Servo,
    Odid,
    Decarotor,
    Battery,
    Parachute,
    Log,
    Osd,
    Imu,
    Gps,
    Winch,
    GenericMultirotor,
    Illuminator,
    SpacecraftOrbiter,
    GroundQuadruped,
    VtolGyrodyne,
    Gripper,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
pub(super) enum MavAutopilot {
    Generic,
    Reserved,
    Slugs,
    Ardupilotmega,
    Openpilot,
    GenericWaypointsOnly,
    GenericWaypointsAndSimpleNavigationOnly,
    GenericMissionFull,
    Invalid,
    Ppz,
    Udb,
    Fp,
    Px4,
    Smaccmpilot,
    Autoquad,
    Armazila,
    Aerob,
    Asluav,
    Smartap,
    Airrails,
    Reflex,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(
    custom_mode_enabled = 0,
    test_enabled = 1,
    auto_enabled = 2,
    guided_enabled = 3,
    stabilize_enabled = 4,
    hil_enabled = 5,
    manual_input_enabled = 6,
    safety_armed = 7
))]
pub(super) struct MavModeFlag(u8);

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
pub(super) enum MavState {
    Uninit,
    Boot,
    Calibrating,
    Standby,
    Active,
    Critical,
    Emergency,
    Poweroff,
    FlightTermination,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(
    gyro_3d = 0,
    accel_3d = 1,
    mag_3d = 2,
    absolute_pressure = 3,
    differential_pressure = 4,
    gps = 5,
    optical_flow = 6,
    vision_position = 7,
    laser_position = 8,
    external_ground_truth = 9,
    angular_rate_control = 10,
    attitude_stabilization = 11,
    yaw_position = 12,
    z_altitude_control = 13,
    xy_position_control = 14,
    motor_outputs = 15,
    rc_receiver = 16,
    gyro_3d_2 = 17,
    accel_3d_2 = 18,
    mag_3d_2 = 19,
    geofence = 20,
    ahrs = 21,
    terrain = 22,
    reverse_motor = 23,
    logging = 24,
    battery = 25,
    proximity = 26,
    satcom = 27,
    prearm_check = 28,
    obstacle_avoidance = 29,
    propulsion = 30,
    extension_used = 31
))]
pub(super) struct MavSysStatusSensor(u32);

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
pub(super) enum MavParamType {
    Uint8 = 1,
    Int8,
    Uint16,
    Int16,
    Uint32,
    Int32,
    Uint64,
    Int64,
    Real32,
    Real64,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
pub(super) enum MavSeverity {
    Emergency,
    Alert,
    Critical,
    Error,
    Warning,
    Notice,
    Info,
    Debug,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
pub(super) enum MavResult {
    Accepted,
    TemporarilyRejected,
    Denied,
    Unsupported,
    Failed,
    InProgress,
    CommandLongOnly = 7,
    CommandIntOnly,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u16)]
pub(super) enum MavCmd {
    NavWaypoint = 16,
    NavLoiterUnlim,
    NavReturnToLaunch = 20,
    NavLand,
    NavTakeoff,
    NavGuidedEnable = 92,
    DoSetMode = 176,
    DoChangeSpeed = 178,
    DoSetHome,
    DoSetServo = 183,
    DoReposition = 192,
    DoSetRoiLocation = 195,
    PreflightCalibration = 241,
    PreflightRebootShutdown = 246,
    MissionStart = 300,
    ComponentArmDisarm = 400,
    GetHomePosition = 410,
    InjectFailure = 420,
    StartRxPair = 500,
    SetMessageInterval = 511,
    RequestMessage,
    ImageStartCapture = 2000,
    ImageStopCapture,
    VideoStartCapture = 2500,
    VideoStopCapture,
    #[packet(other)]
    Other(u16),
}

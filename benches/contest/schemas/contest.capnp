# The packets of contest.yaml for Cap'n Proto.
@0xd7a1f0c2b3e49586;

struct Move {
  player @0 :UInt32;
  x @1 :Float32;
  y @2 :Float32;
  z @3 :Float32;
}

struct Telemetry {
  time @0 :UInt64;
  uptime @1 :UInt64;
  voltage @2 :UInt32;
  current @3 :UInt32;
  power @4 :UInt32;
  energy @5 :UInt32;
  temperature @6 :UInt16;
  humidity @7 :UInt16;
  pressure @8 :UInt16;
  speed @9 :UInt16;
  status @10 :UInt8;
  mode @11 :UInt8;
  battery @12 :UInt8;
  signal @13 :UInt8;
  fan @14 :UInt8;
  alarm @15 :UInt8;
  fault @16 :UInt8;
  revision @17 :UInt8;
  device @18 :Data;
}

struct Server {
  id @0 :UInt16;
  name @1 :Text;
  port @2 :UInt16;
  players @3 :UInt16;
}

struct LoginResponse {
  accepted @0 :Bool;
  heartbeat @1 :UInt16;
  user @2 :UInt64;
  token @3 :Text;
  servers @4 :List(Server);
}

struct Chat {
  channel @0 :UInt8;
  sender @1 :Text;
  recipient @2 :Text;
  text @3 :Text;
}

struct Entity {
  id @0 :UInt32;
  x @1 :Float32;
  y @2 :Float32;
  z @3 :Float32;
  yaw @4 :UInt16;
  health @5 :UInt16;
}

struct Snapshot {
  tick @0 :UInt32;
  entities @1 :List(Entity);
}

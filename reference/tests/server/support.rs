//! A running server, and a client that can say anything.

use packet_runtime::{Encode, Reassembler};
use reference::game::{
    EchoReply, EchoRequest, FINGERPRINT, Framing, Hello, LoginRequest, LoginRequestCredential,
    LoginResponse, LoginResult, Packet, PacketView, RegisterRequest, RegisterResult, Welcome,
    WelcomeResult,
};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// How long anything may take that is expected to happen. A disk that others write to lets a commit wait for many seconds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A server, which ends with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts one that keeps nothing, with more flags.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packet-server"));
        command.args(flags);
        Self::launch(command)
    }

    /// Starts one by a shell, after a command of that.
    pub(crate) fn start_after(shell: &str, flags: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let script = format!("{shell} && exec \"$@\"");
        let program = env!("CARGO_BIN_EXE_packet-server");
        command.args(["-c", &script, "sh", program]).args(flags);
        Self::launch(command)
    }

    fn launch(mut command: Command) -> Self {
        command
            .args([
                "--address",
                "127.0.0.1:0",
                "--metrics-address",
                "127.0.0.1:0",
            ])
            .env("PACKET_SERVER_STORE_DATA", "memory")
            // A hash that is worth something takes seconds in a build for debugging.
            .env("PACKET_SERVER_STORE_PASSWORD_MEMORY_KIB", "8")
            .env("PACKET_SERVER_STORE_PASSWORD_PASSES", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::default();
        collect(child.stderr.take().unwrap(), &log);
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let Some(address) = line.trim().strip_prefix("listening on ") else {
            thread::sleep(Duration::from_millis(100));
            panic!("{line:?}, {}", log.lock().unwrap());
        };
        let address = address.parse().unwrap();
        Self {
            child,
            address,
            log,
        }
    }

    /// What the server logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until the log has this, and returns the line.
    #[track_caller]
    pub(crate) fn logged(&self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| line.contains(text)) {
                return line.to_owned();
            }
            assert!(start.elapsed() < PATIENCE, "no {text:?} in: {log}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it runs: {}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Memory in KiB that is resident.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS"));
        line.unwrap()
            .split_whitespace()
            .nth(1)
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Time in clock ticks that the server computed.
    pub(crate) fn computed(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let (_, behind) = stat.rsplit_once(')').unwrap();
        let mut fields = behind.split_whitespace().skip(11);
        let mut time = || fields.next().unwrap().parse::<u64>().unwrap();
        time() + time()
    }

    /// Answers of the pages for machines: all that follows a GET.
    pub(crate) fn get(&self, path: &str) -> String {
        let line = self.logged("metrics on http://");
        let (_, address) = line.split_once("http://").unwrap();
        let (address, _) = address.split_once('/').unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Waits until the metrics have a line.
    #[track_caller]
    pub(crate) fn measures(&self, line: &str) {
        let start = Instant::now();
        loop {
            let metrics = self.get("/metrics");
            if metrics.lines().any(|found| found == line) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "no {line} in {metrics}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether the server still does its work for a new client.
    #[track_caller]
    pub(crate) fn is_well(&self) {
        let mut client = Client::greeted(self);
        client.echo(7);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(stderr: ChildStderr, log: &Arc<Mutex<String>>) {
    let log = Arc::clone(log);
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
}

/// A client.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    reassembler: Reassembler<Framing>,
}

impl Client {
    pub(crate) fn connect(server: &Server) -> Self {
        Self::over(TcpStream::connect(server.address).unwrap())
    }

    fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            reassembler: Reassembler::new(Framing),
        }
    }

    /// One whose greeting was answered.
    #[track_caller]
    pub(crate) fn greeted(server: &Server) -> Self {
        let mut client = Self::connect(server);
        client.send(hello());
        assert_eq!(client.welcome().result, WelcomeResult::OK);
        client
    }

    /// One whose greeting was answered; nothing if the server is gone.
    pub(crate) fn try_greeted(server: &Server) -> Option<Self> {
        let stream = TcpStream::connect(server.address).ok()?;
        let mut client = Self::over(stream);
        client.send(hello());
        client.next()?;
        Some(client)
    }

    /// One that is logged in on an account that is made for it.
    #[track_caller]
    pub(crate) fn logged_in(server: &Server, name: &str) -> Self {
        let mut client = Self::greeted(server);
        client.register(name);
        let response = client.login(name);
        assert_eq!(response.result, LoginResult::OK);
        client
    }

    pub(crate) fn send(&mut self, packet: impl Into<Packet>) {
        self.send_bytes(&packet.into().to_vec().unwrap());
    }

    /// Sends as much as goes out; a server that closes is no failure.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The next packet but heartbeats; nothing at the end of the stream.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Option<Packet> {
        loop {
            let packet = self.next_of_all()?;
            if !matches!(packet, Packet::Heartbeat(_)) {
                return Some(packet);
            }
        }
    }

    #[track_caller]
    pub(crate) fn next_of_all(&mut self) -> Option<Packet> {
        loop {
            if let Some(frame) = self.reassembler.next_frame().unwrap() {
                return Some(Packet::from(PacketView::parse(frame).unwrap()));
            }
            let read = self.stream.read(self.reassembler.spare_mut());
            match read {
                Ok(0) => return None,
                Ok(count) => self.reassembler.advance(count),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("nothing came: {error}"),
            }
        }
    }

    /// All packets until the server closes.
    #[track_caller]
    pub(crate) fn rest(&mut self) -> Vec<Packet> {
        std::iter::from_fn(|| self.next()).collect()
    }

    #[track_caller]
    pub(crate) fn welcome(&mut self) -> Welcome {
        match self.next() {
            Some(Packet::Welcome(welcome)) => welcome,
            other => panic!("no Welcome but {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn register(&mut self, name: &str) {
        self.send(RegisterRequest {
            request: 1,
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
        });
        match self.next() {
            Some(Packet::RegisterResponse(response)) => {
                assert_eq!(response.result, RegisterResult::OK);
            }
            other => panic!("no RegisterResponse but {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn login(&mut self, name: &str) -> LoginResponse {
        self.send(login(name));
        match self.next() {
            Some(Packet::LoginResponse(response)) => response,
            other => panic!("no LoginResponse but {other:?}"),
        }
    }

    /// Sends an echo request and takes its answer.
    #[track_caller]
    pub(crate) fn echo(&mut self, request: u32) {
        self.send(echo(request));
        let expected = EchoReply {
            request,
            payload: b"hello".to_vec(),
        };
        assert_eq!(self.next(), Some(Packet::from(expected)));
    }

    /// Stops sending, but goes on reading.
    pub(crate) fn shut(&self) {
        self.stream.shutdown(std::net::Shutdown::Write).unwrap();
    }
}

pub(crate) const PASSWORD: &str = "correct horse";

pub(crate) fn hello() -> Packet {
    Packet::from(Hello {
        version: 2,
        fingerprint: FINGERPRINT,
        client: "test/1".to_owned(),
    })
}

pub(crate) fn login(name: &str) -> Packet {
    Packet::from(LoginRequest {
        request: 2,
        name: name.to_owned(),
        credential: LoginRequestCredential::Password(PASSWORD.to_owned()),
        client_version: 1,
        device: [9; 16],
    })
}

pub(crate) fn echo(request: u32) -> Packet {
    Packet::from(EchoRequest {
        request,
        payload: b"hello".to_vec(),
    })
}

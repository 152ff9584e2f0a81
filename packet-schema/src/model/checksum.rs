//! Checksums: what they cover, and how they are computed.

/// How a checksum is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// The Internet checksum, RFC 1071; 16 bits.
    Internet,
    /// The sum of the bytes; 8 bits.
    Sum8,
    /// The bytes joined by exclusive or; 8 bits.
    Xor8,
    /// Adler-32, RFC 1950.
    Adler32,
    /// Fletcher's checksum of bytes modulo 255; 16 bits.
    Fletcher16,
    /// A CRC.
    Crc(&'static Crc),
}

/// A CRC of the catalogue of parametrised CRC algorithms, which has the names, the parameters and what they
/// mean: <https://reveng.sourceforge.io/crc-catalogue/all.htm>.
#[derive(Debug, PartialEq, Eq)]
pub struct Crc {
    /// Its name: `crc16-modbus` for what the catalogue calls CRC-16/MODBUS.
    pub name: &'static str,
    /// Width in bits.
    pub bits: u32,
    /// The generator polynomial without its highest term.
    pub poly: u64,
    /// The register at the beginning.
    pub init: u64,
    /// Whether bytes are taken from their least significant bit on, and the result is reflected as well. No
    /// algorithm of whole bytes has one without the other.
    pub reflected: bool,
    /// What the result is joined with by exclusive or.
    pub xor_out: u64,
    /// The CRC of the nine bytes `123456789`.
    pub check: u64,
}

/// Other names of CRCs that are in wide use.
const ALIASES: &[(&str, &str)] = &[
    ("crc8", "crc8-smbus"),
    ("crc16-ccitt-false", "crc16-ibm-3740"),
    ("crc16-x25", "crc16-ibm-sdlc"),
    ("crc32", "crc32-iso-hdlc"),
    ("crc32c", "crc32-iscsi"),
];

impl Algorithm {
    /// The algorithms other than CRCs.
    const SUMS: [Self; 5] = [
        Self::Internet,
        Self::Sum8,
        Self::Xor8,
        Self::Adler32,
        Self::Fletcher16,
    ];

    /// All algorithms.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::SUMS.into_iter().chain(CRCS.iter().map(Self::Crc))
    }

    /// All names that a schema can use.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::all()
            .map(Self::name)
            .chain(ALIASES.iter().map(|(alias, _)| *alias))
    }

    /// The algorithm that a schema calls `name`.
    pub fn named(name: &str) -> Option<Self> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
        let name = alias.map_or(name, |(_, name)| *name);
        Self::all().find(|known| known.name() == name)
    }

    /// Its name in a schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Sum8 => "sum8",
            Self::Xor8 => "xor8",
            Self::Adler32 => "adler32",
            Self::Fletcher16 => "fletcher16",
            Self::Crc(crc) => crc.name,
        }
    }

    /// Its width in bits, which are whole bytes.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Sum8 | Self::Xor8 => 8,
            Self::Internet | Self::Fletcher16 => 16,
            Self::Adler32 => 32,
            Self::Crc(crc) => crc.bits,
        }
    }
}

/// A checksum over some fields; its own bytes count as zero if they are among them.
#[derive(Clone, Copy, Debug)]
pub struct Checksum {
    /// How it is computed.
    pub algorithm: Algorithm,
    /// First field that it covers.
    pub from: usize,
    /// The field behind the last one that it covers: `from` if it covers none, as a body without fields.
    pub end: usize,
    /// A byte that is summed behind what is covered.
    pub extra: Option<u8>,
}

impl Checksum {
    /// Whether it covers the field with this number.
    pub const fn covers(&self, field: usize) -> bool {
        self.from <= field && field < self.end
    }

    /// The first field that it covers.
    pub fn first(&self) -> Option<usize> {
        Some(self.from).filter(|from| *from < self.end)
    }

    /// The last field that it covers.
    pub fn last(&self) -> Option<usize> {
        self.end.checked_sub(1).filter(|last| *last >= self.from)
    }

    /// The last field that has to be known before it can be verified; `own` is the checksum itself.
    pub fn verified_at(&self, own: usize) -> usize {
        self.last().map_or(own, |last| last.max(own))
    }
}

const fn crc(
    name: &'static str,
    bits: u32,
    poly: u64,
    init: u64,
    reflected: bool,
    xor_out: u64,
    check: u64,
) -> Crc {
    Crc {
        name,
        bits,
        poly,
        init,
        reflected,
        xor_out,
        check,
    }
}

/// Those of the catalogue that are whole bytes, up to 64 bits: width, polynomial, register at the beginning,
/// whether reflected, what is joined at the end, and the check.
#[rustfmt::skip]
static CRCS: [Crc; 79] = [
    crc("crc8-autosar", 8, 0x2f, 0xff, false, 0xff, 0xdf),
    crc("crc8-bluetooth", 8, 0xa7, 0, true, 0, 0x26),
    crc("crc8-cdma2000", 8, 0x9b, 0xff, false, 0, 0xda),
    crc("crc8-darc", 8, 0x39, 0, true, 0, 0x15),
    crc("crc8-dvb-s2", 8, 0xd5, 0, false, 0, 0xbc),
    crc("crc8-gsm-a", 8, 0x1d, 0, false, 0, 0x37),
    crc("crc8-gsm-b", 8, 0x49, 0, false, 0xff, 0x94),
    crc("crc8-hitag", 8, 0x1d, 0xff, false, 0, 0xb4),
    crc("crc8-i-432-1", 8, 0x7, 0, false, 0x55, 0xa1),
    crc("crc8-i-code", 8, 0x1d, 0xfd, false, 0, 0x7e),
    crc("crc8-lte", 8, 0x9b, 0, false, 0, 0xea),
    crc("crc8-maxim-dow", 8, 0x31, 0, true, 0, 0xa1),
    crc("crc8-mifare-mad", 8, 0x1d, 0xc7, false, 0, 0x99),
    crc("crc8-nrsc-5", 8, 0x31, 0xff, false, 0, 0xf7),
    crc("crc8-opensafety", 8, 0x2f, 0, false, 0, 0x3e),
    crc("crc8-rohc", 8, 0x7, 0xff, true, 0, 0xd0),
    crc("crc8-sae-j1850", 8, 0x1d, 0xff, false, 0xff, 0x4b),
    crc("crc8-smbus", 8, 0x7, 0, false, 0, 0xf4),
    crc("crc8-tech-3250", 8, 0x1d, 0xff, true, 0, 0x97),
    crc("crc8-wcdma", 8, 0x9b, 0, true, 0, 0x25),
    crc("crc16-arc", 16, 0x8005, 0, true, 0, 0xbb3d),
    crc("crc16-cdma2000", 16, 0xc867, 0xffff, false, 0, 0x4c06),
    crc("crc16-cms", 16, 0x8005, 0xffff, false, 0, 0xaee7),
    crc("crc16-dds-110", 16, 0x8005, 0x800d, false, 0, 0x9ecf),
    crc("crc16-dect-r", 16, 0x589, 0, false, 0x1, 0x7e),
    crc("crc16-dect-x", 16, 0x589, 0, false, 0, 0x7f),
    crc("crc16-dnp", 16, 0x3d65, 0, true, 0xffff, 0xea82),
    crc("crc16-en-13757", 16, 0x3d65, 0, false, 0xffff, 0xc2b7),
    crc("crc16-genibus", 16, 0x1021, 0xffff, false, 0xffff, 0xd64e),
    crc("crc16-gsm", 16, 0x1021, 0, false, 0xffff, 0xce3c),
    crc("crc16-ibm-3740", 16, 0x1021, 0xffff, false, 0, 0x29b1),
    crc("crc16-ibm-sdlc", 16, 0x1021, 0xffff, true, 0xffff, 0x906e),
    crc("crc16-iso-iec-14443-3-a", 16, 0x1021, 0xc6c6, true, 0, 0xbf05),
    crc("crc16-kermit", 16, 0x1021, 0, true, 0, 0x2189),
    crc("crc16-lj1200", 16, 0x6f63, 0, false, 0, 0xbdf4),
    crc("crc16-m17", 16, 0x5935, 0xffff, false, 0, 0x772b),
    crc("crc16-maxim-dow", 16, 0x8005, 0, true, 0xffff, 0x44c2),
    crc("crc16-mcrf4xx", 16, 0x1021, 0xffff, true, 0, 0x6f91),
    crc("crc16-modbus", 16, 0x8005, 0xffff, true, 0, 0x4b37),
    crc("crc16-nrsc-5", 16, 0x80b, 0xffff, true, 0, 0xa066),
    crc("crc16-opensafety-a", 16, 0x5935, 0, false, 0, 0x5d38),
    crc("crc16-opensafety-b", 16, 0x755b, 0, false, 0, 0x20fe),
    crc("crc16-profibus", 16, 0x1dcf, 0xffff, false, 0xffff, 0xa819),
    crc("crc16-riello", 16, 0x1021, 0xb2aa, true, 0, 0x63d0),
    crc("crc16-spi-fujitsu", 16, 0x1021, 0x1d0f, false, 0, 0xe5cc),
    crc("crc16-t10-dif", 16, 0x8bb7, 0, false, 0, 0xd0db),
    crc("crc16-teledisk", 16, 0xa097, 0, false, 0, 0xfb3),
    crc("crc16-tms37157", 16, 0x1021, 0x89ec, true, 0, 0x26b1),
    crc("crc16-umts", 16, 0x8005, 0, false, 0, 0xfee8),
    crc("crc16-usb", 16, 0x8005, 0xffff, true, 0xffff, 0xb4c8),
    crc("crc16-xmodem", 16, 0x1021, 0, false, 0, 0x31c3),
    crc("crc24-ble", 24, 0x65b, 0x55_5555, true, 0, 0xc2_5a56),
    crc("crc24-flexray-a", 24, 0x5d_6dcb, 0xfe_dcba, false, 0, 0x79_79bd),
    crc("crc24-flexray-b", 24, 0x5d_6dcb, 0xab_cdef, false, 0, 0x1f_23b8),
    crc("crc24-interlaken", 24, 0x32_8b63, 0xff_ffff, false, 0xff_ffff, 0xb4_f3e6),
    crc("crc24-lte-a", 24, 0x86_4cfb, 0, false, 0, 0xcd_e703),
    crc("crc24-lte-b", 24, 0x80_0063, 0, false, 0, 0x23_ef52),
    crc("crc24-openpgp", 24, 0x86_4cfb, 0xb7_04ce, false, 0, 0x21_cf02),
    crc("crc24-os-9", 24, 0x80_0063, 0xff_ffff, false, 0xff_ffff, 0x20_0fa5),
    crc("crc32-aixm", 32, 0x8141_41ab, 0, false, 0, 0x3010_bf7f),
    crc("crc32-autosar", 32, 0xf4ac_fb13, 0xffff_ffff, true, 0xffff_ffff, 0x1697_d06a),
    crc("crc32-base91-d", 32, 0xa833_982b, 0xffff_ffff, true, 0xffff_ffff, 0x8731_5576),
    crc("crc32-bzip2", 32, 0x4c1_1db7, 0xffff_ffff, false, 0xffff_ffff, 0xfc89_1918),
    crc("crc32-cd-rom-edc", 32, 0x8001_801b, 0, true, 0, 0x6ec2_edc4),
    crc("crc32-cksum", 32, 0x4c1_1db7, 0, false, 0xffff_ffff, 0x765e_7680),
    crc("crc32-iscsi", 32, 0x1edc_6f41, 0xffff_ffff, true, 0xffff_ffff, 0xe306_9283),
    crc("crc32-iso-hdlc", 32, 0x4c1_1db7, 0xffff_ffff, true, 0xffff_ffff, 0xcbf4_3926),
    crc("crc32-jamcrc", 32, 0x4c1_1db7, 0xffff_ffff, true, 0, 0x340b_c6d9),
    crc("crc32-mef", 32, 0x741b_8cd7, 0xffff_ffff, true, 0, 0xd2c2_2f51),
    crc("crc32-mpeg-2", 32, 0x4c1_1db7, 0xffff_ffff, false, 0, 0x376_e6e7),
    crc("crc32-xfer", 32, 0xaf, 0, false, 0, 0xbd0b_e338),
    crc("crc40-gsm", 40, 0x482_0009, 0, false, 0xff_ffff_ffff, 0xd4_164f_c646),
    crc("crc64-ecma-182", 64, 0x42f0_e1eb_a9ea_3693, 0, false, 0, 0x6c40_df5f_0b49_7347),
    crc("crc64-go-iso", 64, 0x1b, 0xffff_ffff_ffff_ffff, true, 0xffff_ffff_ffff_ffff, 0xb909_56c7_75a4_1001),
    crc("crc64-ms", 64, 0x259c_84cb_a642_6349, 0xffff_ffff_ffff_ffff, true, 0, 0x75d4_b74f_024e_ceea),
    crc("crc64-nvme", 64, 0xad93_d235_94c9_3659, 0xffff_ffff_ffff_ffff, true, 0xffff_ffff_ffff_ffff, 0xae8b_1486_0a79_9888),
    crc("crc64-redis", 64, 0xad93_d235_94c9_35a9, 0, true, 0, 0xe9c6_d914_c4b8_d9ca),
    crc("crc64-we", 64, 0x42f0_e1eb_a9ea_3693, 0xffff_ffff_ffff_ffff, false, 0xffff_ffff_ffff_ffff, 0x62ec_59e3_f1a4_f00a),
    crc("crc64-xz", 64, 0x42f0_e1eb_a9ea_3693, 0xffff_ffff_ffff_ffff, true, 0xffff_ffff_ffff_ffff, 0x995d_c9bb_df19_39fa),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_one_algorithm() {
        let mut names: Vec<&str> = Algorithm::names().collect();
        for name in &names {
            assert!(Algorithm::named(name).is_some(), "{name}");
        }
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(Algorithm::named("crc16"), None);
    }

    #[test]
    fn every_checksum_is_whole_bytes() {
        for algorithm in Algorithm::all() {
            let bits = algorithm.bits();
            assert!(bits % 8 == 0 && bits <= 64, "{}", algorithm.name());
        }
    }

    #[test]
    fn what_covers_nothing_is_verified_where_it_stands() {
        let over = |from, end| Checksum {
            algorithm: Algorithm::Sum8,
            from,
            end,
            extra: None,
        };
        assert_eq!((over(3, 3).last(), over(3, 3).verified_at(5)), (None, 5));
        assert_eq!(over(0, 0).verified_at(1), 1);
        assert_eq!((over(1, 4).last(), over(1, 4).verified_at(2)), (Some(3), 3));
        assert!(over(1, 4).covers(3) && !over(1, 4).covers(4) && !over(1, 4).covers(0));
    }
}

//! CRCs, by the names of the catalogue of parametrised CRC algorithms.
//!
//! ```
//! assert_eq!(packet_runtime::checksum::crc::crc32_iso_hdlc(&[b"1234", b"56789"]), 0xcbf4_3926);
//! ```

use crc::Crc;

macro_rules! crcs {
    ($($name:ident: $word:ident = $algorithm:ident,)*) => {
        $(
            #[doc = concat!("The CRC of `parts`, one after the other: [`crc::", stringify!($algorithm), "`].")]
            pub fn $name(parts: &[&[u8]]) -> $word {
                static CRC: Crc<$word> = Crc::<$word>::new(&crc::$algorithm);
                let mut digest = CRC.digest();
                for part in parts {
                    digest.update(part);
                }
                digest.finalize()
            }
        )*

        #[cfg(test)]
        mod tests {
            $(
                #[test]
                fn $name() {
                    assert_eq!(super::$name(&[b"123", b"", b"456789"]), crc::$algorithm.check);
                }
            )*
        }
    };
}

crcs! {
    crc8_autosar: u8 = CRC_8_AUTOSAR,
    crc8_bluetooth: u8 = CRC_8_BLUETOOTH,
    crc8_cdma2000: u8 = CRC_8_CDMA2000,
    crc8_darc: u8 = CRC_8_DARC,
    crc8_dvb_s2: u8 = CRC_8_DVB_S2,
    crc8_gsm_a: u8 = CRC_8_GSM_A,
    crc8_gsm_b: u8 = CRC_8_GSM_B,
    crc8_hitag: u8 = CRC_8_HITAG,
    crc8_i_432_1: u8 = CRC_8_I_432_1,
    crc8_i_code: u8 = CRC_8_I_CODE,
    crc8_lte: u8 = CRC_8_LTE,
    crc8_maxim_dow: u8 = CRC_8_MAXIM_DOW,
    crc8_mifare_mad: u8 = CRC_8_MIFARE_MAD,
    crc8_nrsc_5: u8 = CRC_8_NRSC_5,
    crc8_opensafety: u8 = CRC_8_OPENSAFETY,
    crc8_rohc: u8 = CRC_8_ROHC,
    crc8_sae_j1850: u8 = CRC_8_SAE_J1850,
    crc8_smbus: u8 = CRC_8_SMBUS,
    crc8_tech_3250: u8 = CRC_8_TECH_3250,
    crc8_wcdma: u8 = CRC_8_WCDMA,
    crc16_arc: u16 = CRC_16_ARC,
    crc16_cdma2000: u16 = CRC_16_CDMA2000,
    crc16_cms: u16 = CRC_16_CMS,
    crc16_dds_110: u16 = CRC_16_DDS_110,
    crc16_dect_r: u16 = CRC_16_DECT_R,
    crc16_dect_x: u16 = CRC_16_DECT_X,
    crc16_dnp: u16 = CRC_16_DNP,
    crc16_en_13757: u16 = CRC_16_EN_13757,
    crc16_genibus: u16 = CRC_16_GENIBUS,
    crc16_gsm: u16 = CRC_16_GSM,
    crc16_ibm_3740: u16 = CRC_16_IBM_3740,
    crc16_ibm_sdlc: u16 = CRC_16_IBM_SDLC,
    crc16_iso_iec_14443_3_a: u16 = CRC_16_ISO_IEC_14443_3_A,
    crc16_kermit: u16 = CRC_16_KERMIT,
    crc16_lj1200: u16 = CRC_16_LJ1200,
    crc16_m17: u16 = CRC_16_M17,
    crc16_maxim_dow: u16 = CRC_16_MAXIM_DOW,
    crc16_mcrf4xx: u16 = CRC_16_MCRF4XX,
    crc16_modbus: u16 = CRC_16_MODBUS,
    crc16_nrsc_5: u16 = CRC_16_NRSC_5,
    crc16_opensafety_a: u16 = CRC_16_OPENSAFETY_A,
    crc16_opensafety_b: u16 = CRC_16_OPENSAFETY_B,
    crc16_profibus: u16 = CRC_16_PROFIBUS,
    crc16_riello: u16 = CRC_16_RIELLO,
    crc16_spi_fujitsu: u16 = CRC_16_SPI_FUJITSU,
    crc16_t10_dif: u16 = CRC_16_T10_DIF,
    crc16_teledisk: u16 = CRC_16_TELEDISK,
    crc16_tms37157: u16 = CRC_16_TMS37157,
    crc16_umts: u16 = CRC_16_UMTS,
    crc16_usb: u16 = CRC_16_USB,
    crc16_xmodem: u16 = CRC_16_XMODEM,
    crc24_ble: u32 = CRC_24_BLE,
    crc24_flexray_a: u32 = CRC_24_FLEXRAY_A,
    crc24_flexray_b: u32 = CRC_24_FLEXRAY_B,
    crc24_interlaken: u32 = CRC_24_INTERLAKEN,
    crc24_lte_a: u32 = CRC_24_LTE_A,
    crc24_lte_b: u32 = CRC_24_LTE_B,
    crc24_openpgp: u32 = CRC_24_OPENPGP,
    crc24_os_9: u32 = CRC_24_OS_9,
    crc32_aixm: u32 = CRC_32_AIXM,
    crc32_autosar: u32 = CRC_32_AUTOSAR,
    crc32_base91_d: u32 = CRC_32_BASE91_D,
    crc32_bzip2: u32 = CRC_32_BZIP2,
    crc32_cd_rom_edc: u32 = CRC_32_CD_ROM_EDC,
    crc32_cksum: u32 = CRC_32_CKSUM,
    crc32_iscsi: u32 = CRC_32_ISCSI,
    crc32_iso_hdlc: u32 = CRC_32_ISO_HDLC,
    crc32_jamcrc: u32 = CRC_32_JAMCRC,
    crc32_mef: u32 = CRC_32_MEF,
    crc32_mpeg_2: u32 = CRC_32_MPEG_2,
    crc32_xfer: u32 = CRC_32_XFER,
    crc40_gsm: u64 = CRC_40_GSM,
    crc64_ecma_182: u64 = CRC_64_ECMA_182,
    crc64_go_iso: u64 = CRC_64_GO_ISO,
    crc64_ms: u64 = CRC_64_MS,
    crc64_nvme: u64 = CRC_64_NVME,
    crc64_redis: u64 = CRC_64_REDIS,
    crc64_we: u64 = CRC_64_WE,
    crc64_xz: u64 = CRC_64_XZ,
}

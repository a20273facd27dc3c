import Foundation

/// The platform's own clock: the wall clock, the boot, and the time since it, sleep included.
public final class SystemClock: Clock {
    private let boot: String

    /// A clock.
    public init() {
        boot = Self.currentBoot() ?? UUID().uuidString
    }

    public func wallMs() -> Int64 {
        Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down))
    }

    public func bootId() -> String {
        boot
    }

    #if canImport(Darwin)
        public func sinceBootMs() -> UInt64 {
            // The time of mach_continuous_time, which runs on while the device sleeps;
            // CLOCK_UPTIME_RAW, mach_absolute_time and systemUptime stand still.
            clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW) / 1_000_000
        }

        private static func currentBoot() -> String? {
            var size = 0
            guard sysctlbyname("kern.bootsessionuuid", nil, &size, nil, 0) == 0 else { return nil }
            var text = [UInt8](repeating: 0, count: size)
            guard sysctlbyname("kern.bootsessionuuid", &text, &size, nil, 0) == 0 else {
                return nil
            }
            return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
    #else
        public func sinceBootMs() -> UInt64 {
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            return UInt64(time.tv_sec) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
        }

        private static func currentBoot() -> String? {
            let text = try? String(
                contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
            return text?.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    #endif
}

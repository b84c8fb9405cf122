import type { ReportedArchive, ReportFacts } from "../../../src/backup/report/report-facts.ts";

export const NOW = new Date("2026-11-26T07:00:00Z");

/** The facts of as many nightly backups, the last one of three hours ago; every tenth night nothing ran. */
export function sampleFacts(count: number, change: Partial<ReportFacts> = {}): ReportFacts {
	return {
		now: NOW,
		job: "photos",
		template: "s3://backups/{host}/photos/%Y-%m-%dT%H-%M-%SZ.zip",
		timeZone: "UTC",
		policy: { last: 3, daily: 14, within: { years: 0, months: 1, days: 0, hours: 0 }, min: 1 },
		archives: Array.from({ length: count }, (_, index) => sampleArchive(count - 1 - index)),
		...change,
	};
}

/** @param age - How many archives are newer. */
export function sampleArchive(age: number): ReportedArchive {
	const time = new Date(NOW.getTime() - 3 * 3_600_000 - (age + Math.floor(age / 9)) * 86_400_000);
	const verifiedAt = new Date(time.getTime() + 130_000).toISOString();
	return {
		key: `web-1/photos/${time.toISOString().slice(0, 19).replaceAll(":", "-")}Z.zip`,
		time,
		size: Math.round(400_000_000 * (1 + Math.sin(age / 7) / 9) - age * 100_000 + 200_000_000),
		entryCount: 12_345 - age,
		elapsedMs: 95_000 + 40_000 * (1 + Math.sin(age)),
		keptBy: age < 3 ? ["newest", "last", "daily"] : age < 14 ? ["daily"] : age < 30 ? ["within 1m"] : [],
		verified: { at: verifiedAt, level: age === 0 ? "content" : "structure" },
		drill:
			age === 4
				? {
						at: new Date(time.getTime() + 4 * 3_600_000).toISOString(),
						ok: true,
						entryCount: 618,
						size: 31_000_000,
						sample: 0.05,
						elapsedMs: 4200,
						host: "web-1",
						error: undefined,
					}
				: undefined,
		fullStarted: undefined,
		lockedUntil: age < 2 ? new Date(time.getTime() + 30 * 86_400_000) : undefined,
	};
}

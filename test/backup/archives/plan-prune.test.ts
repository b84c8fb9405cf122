import { describe, expect, it } from "vitest";
import type { ArchiveRecord, BackupArchive, Drill } from "../../../src/backup/archives/archive-facts.ts";
import { planPrune } from "../../../src/backup/archives/plan-prune.ts";
import type { KeepPolicy } from "../../../src/backup/retention/keep-policy.ts";

const NOW = new Date("2026-11-26T12:00:00Z");

interface Facts {
	readonly verified?: boolean;
	readonly drill?: Partial<Drill>;
	readonly lockedUntil?: string;
	readonly notedLock?: string;
	readonly legalHold?: boolean;
	readonly incomplete?: boolean;
}

/** An archive of a day of November, verified unless told otherwise. */
function of(
	day: number,
	{ verified = true, drill, lockedUntil, notedLock, legalHold = false, incomplete = false }: Facts = {},
): BackupArchive {
	const time = new Date(Date.UTC(2026, 10, day, 3));
	const at = time.toISOString();
	const noDrill: Drill = {
		at,
		ok: true,
		entryCount: 1,
		size: 1,
		sample: 1,
		elapsedMs: 1,
		host: "h",
		error: undefined,
	};
	const record: ArchiveRecord = {
		...{ version: 1, etag: String(day), versionId: undefined, incomplete },
		verified: verified ? [{ at, level: "structure" }] : [],
		drills: drill === undefined ? [] : [{ ...noDrill, ...drill }],
		locks: notedLock === undefined ? [] : [{ at, mode: "governance", until: notedLock }],
	};
	return {
		...{ key: `${day}.zip`, versionId: undefined, time, size: 1, etag: String(day), record, legalHold },
		lockedUntil: lockedUntil === undefined ? undefined : new Date(lockedUntil),
		metadata: {
			...{ format: 1, startedNs: "1", method: "auto", level: 6, mtime: undefined, job: undefined },
			...{ template: "t", fingerprint: undefined },
		},
	};
}

function plan(
	archives: readonly BackupArchive[],
	policy: Partial<KeepPolicy> | undefined,
	requireDrill?: number,
) {
	const outcome = planPrune(archives, policy && { min: 1, ...policy }, {
		...{ timeZone: "UTC", now: NOW },
		requireDrill:
			requireDrill === undefined ? undefined : { years: 0, months: 0, days: requireDrill, hours: 0 },
	});
	return {
		kept: Object.fromEntries(
			outcome.kept.map(({ archive, rules }) => [archive.time.getUTCDate(), rules.join(", ")]),
		),
		removed: outcome.removed.map(({ time }) => time.getUTCDate()),
		locked: outcome.locked.map(({ archive, until }) => [archive.time.getUTCDate(), until?.toISOString()]),
		refusal: outcome.refusal,
	};
}

describe("which archives go", () => {
	it("is what the policy says", () => {
		expect(plan([of(1), of(3), of(2)], { last: 2 })).toEqual({
			...{ kept: { 3: "last", 2: "last" }, removed: [1], locked: [], refusal: undefined },
		});
	});

	it("is none without a policy", () => {
		expect(plan([of(1), of(2)], undefined)).toMatchObject({
			kept: { 1: "no rule", 2: "no rule" },
			removed: [],
		});
		expect(plan([], { last: 1 })).toMatchObject({ kept: {}, removed: [], refusal: undefined });
	});

	it("is none that a newer one replaces which nobody has read back", () => {
		const archives = [of(1), of(2), of(3, { verified: false }), of(4, { verified: false })];
		expect(plan(archives, { last: 1 })).toMatchObject({
			kept: { 4: "last", 3: "not verified", 2: "last" },
			removed: [1],
		});
	});

	it("counts one that nobody has read back for no period, and removes it when the policy drops it", () => {
		const archives = [of(1), of(2, { verified: false }), of(3), of(4, { verified: false }), of(5)];
		expect(plan(archives, { last: 2 })).toMatchObject({
			kept: { 5: "last", 4: "last", 3: "last" },
			removed: [2, 1],
		});
	});

	it("keeps keep-min archives that were verified", () => {
		const archives = [of(1), of(2), of(3), of(4, { verified: false })];
		expect(plan(archives, { last: 1, min: 2 })).toMatchObject({ kept: { 2: "min" }, removed: [1] });
	});

	it("is none at all as long as none was read back", () => {
		const archives = [1, 2, 3].map((day) => of(day, { verified: false }));
		expect(plan(archives, { last: 1 })).toMatchObject({
			kept: { 3: "last", 2: "none verified", 1: "none verified" },
			removed: [],
			refusal: "none-verified",
		});
	});

	it("is none that the storage holds, by what it says or by what runs have noted", () => {
		const [past, soon, late] = [
			"2026-11-26T11:00:00.000Z",
			"2026-12-01T00:00:00.000Z",
			"2026-12-09T00:00:00.000Z",
		];
		const archives = [
			...[
				of(1, { lockedUntil: past }),
				of(2, { lockedUntil: soon, notedLock: late }),
				of(3, { notedLock: soon }),
			],
			...[of(4, { legalHold: true }), of(5, { lockedUntil: late })],
		];
		expect(plan(archives, { last: 1 })).toMatchObject({
			...{ kept: { 5: "last" }, removed: [1] },
			locked: [
				[4, undefined],
				[3, soon],
				[2, late],
			],
		});
	});

	it("is never the last one that a drill has proven", () => {
		const archives = [
			of(1, { drill: { at: "2026-11-10T00:00:00.000Z" } }),
			of(2, { drill: { at: "2026-11-09T00:00:00.000Z" } }),
			...[of(3, { drill: { at: "2026-11-20T00:00:00.000Z", ok: false } }), of(4)],
		];
		expect(plan(archives, { last: 1 })).toMatchObject({ kept: { 4: "last", 1: "drill" }, removed: [3, 2] });
	});

	it("is none if a drill is required and the last one that succeeded is too long ago", () => {
		const archives = [of(1, { drill: { at: "2026-11-10T00:00:00.000Z" } }), of(2), of(3)];
		expect(plan(archives, { last: 1 }, 17)).toMatchObject({ removed: [2], refusal: undefined });
		expect(plan(archives, { last: 1 }, 16)).toMatchObject({
			kept: { 3: "last", 2: "drill required", 1: "drill" },
			removed: [],
			refusal: "drill-required",
		});
		expect(plan([of(1), of(2)], { last: 1 }, 30)).toMatchObject({ removed: [], refusal: "drill-required" });
	});

	it("is none that a newer one replaces of which a restore has failed since it was verified", () => {
		const broken = of(2, { drill: { at: "2026-11-20T00:00:00.000Z", ok: false } });
		expect(plan([of(1), broken], { last: 1 })).toMatchObject({
			kept: { 2: "last", 1: "last" },
			removed: [],
		});
		const proofs = { sample: [1, 0.5], removed: [[1], []] };
		for (const [index, sample] of proofs.sample.entries()) {
			const { record, ...archive } = broken;
			const [failed] = record?.drills ?? [];
			if (record === undefined || failed === undefined) throw new Error("no drill");
			const again = { ...failed, at: "2026-11-21T00:00:00.000Z", ok: true, sample };
			const repaired = { ...archive, record: { ...record, drills: [failed, again] } };
			expect(plan([of(1), repaired], { last: 1 }).removed).toEqual(proofs.removed[index]);
		}
	});

	it("is decided as if a drill had proven nothing that has failed since", () => {
		const archives = [
			of(1, { drill: { at: "2026-11-09T00:00:00.000Z" } }),
			of(2, { drill: { at: "2026-11-20T00:00:00.000Z" } }),
			...[of(3), of(4)],
		];
		const [, second] = archives;
		const [proof] = second?.record?.drills ?? [];
		if (second?.record === undefined || proof === undefined) throw new Error("no drill");
		const drills = [proof, { ...proof, at: "2026-11-25T00:00:00.000Z", ok: false }];
		archives[1] = { ...second, record: { ...second.record, drills } };
		expect(plan(archives, { last: 1 })).toMatchObject({ kept: { 4: "last", 1: "drill" }, removed: [3, 2] });
		expect(plan(archives, { last: 1 }, 10)).toMatchObject({ removed: [], refusal: "drill-required" });
	});

	it("is none whose place one has taken that lacks what could not be read", () => {
		const lacking = [of(2, { incomplete: true }), of(3, { incomplete: true })];
		expect(plan([of(1), ...lacking], { last: 1 })).toMatchObject({
			kept: { 3: "last", 1: "last" },
			removed: [2],
			refusal: undefined,
		});
		expect(plan([...lacking, of(4)], { last: 1 })).toMatchObject({ kept: { 4: "last" }, removed: [3, 2] });
	});

	it("is none from the future, nor one whose place these have taken", () => {
		const archives = [of(1), of(24), of(25), of(27), of(28), of(29)];
		expect(plan(archives, { last: 2 })).toMatchObject({
			kept: { 29: "last", 28: "last", 27: "from the future", 25: "last", 24: "last" },
			removed: [1],
		});
	});

	it("is decided by no drill from the future", () => {
		const drill = { at: "2027-11-25T00:00:00.000Z" };
		const archives = [of(1, { drill: { at: "2026-11-10T00:00:00.000Z" } }), of(2, { drill }), of(3)];
		expect(plan(archives, { last: 1 })).toMatchObject({ kept: { 3: "last", 1: "drill" }, removed: [2] });
		expect(plan(archives, { last: 1 }, 10)).toMatchObject({ removed: [], refusal: "drill-required" });
	});
});

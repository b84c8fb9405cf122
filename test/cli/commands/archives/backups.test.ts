import { expect, it } from "vitest";
import { updateRecord } from "../../../../src/backup/archives/record.ts";
import { TEMPLATE, useArchiveBucket } from "../../../backup/archives/archive-bucket.ts";
import { BUCKET } from "../../../support/demo-server.ts";
import { zipferry } from "../../zipferry.ts";

const bucket = useArchiveBucket();
const backups = (...args: readonly string[]) =>
	zipferry(["backups", TEMPLATE.text, ...args], { env: bucket().server.env });
const day = (number: number) => `2026-11-0${number}T03:00:00Z`;
const keyOf = (number: number) => `job/2026-11-0${number}T03-00-00Z.zip`;

it("lists archives from the newest on, and what keeps them", async () => {
	await bucket().addVerified(day(1));
	await bucket().addVerified(day(2));
	await bucket().add(day(3));
	const { exitCode, stdout, stderr } = await backups("--keep-last", "1");
	expect(exitCode).toBe(0);
	const rows = stdout.trimEnd().split("\n");
	expect(rows.map((row) => row.trim().split(/\s{2,}/))).toEqual([
		["TIME", "AGE", "SIZE", "ENTRIES", "VERIFIED", "KEPT BY", "KEY"],
		["2026-11-03 03:00", expect.any(String), "349 B", "3", "-", "last", keyOf(3)],
		["2026-11-02 03:00", expect.any(String), "349 B", "3", "2026-11-26", "last", keyOf(2)],
		["2026-11-01 03:00", expect.any(String), "349 B", "3", "2026-11-26", "-", keyOf(1)],
	]);
	expect(stderr).toBe(`3 archives of ${TEMPLATE.text}, 1.02 KiB\n`);
});

it("shows drills and locks where there are some", async () => {
	const archive = await bucket().add(day(1));
	const at = "2026-11-20T03:00:00.000Z";
	await updateRecord(bucket().connection, BUCKET, archive, (record) => ({
		...record,
		drills: [{ at, ok: false, entryCount: 3, size: 9, sample: 1, elapsedMs: 4, host: "h", error: "no" }],
		locks: [{ at, mode: "governance", until: "2099-01-01T00:00:00.000Z" }],
	}));
	const { stdout } = await backups();
	expect(stdout.split("\n").map((row) => row.trim().split(/\s{2,}/))).toMatchObject([
		["TIME", "AGE", "SIZE", "ENTRIES", "VERIFIED", "DRILL", "LOCKED UNTIL", "KEY"],
		{ 4: "-", 5: "2026-11-20 FAILED", 6: "2099-01-01" },
		[""],
	]);
});

it("prints an array with --json", async () => {
	const { etag } = await bucket().addVerified(day(1));
	await bucket().add(day(2));
	const { stdout, stderr } = await backups("--json", "--keep-last", "2");
	expect(stderr).toBe("");
	expect(JSON.parse(stdout)).toEqual([
		{
			key: keyOf(2),
			time: "2026-11-02T03:00:00.000Z",
			size: 349,
			entryCount: 3,
			etag,
			job: "job",
			keptBy: ["last"],
		},
		{
			...{ key: keyOf(1), time: "2026-11-01T03:00:00.000Z", size: 349, entryCount: 3, etag, job: "job" },
			...{ keptBy: ["last"], verifiedAt: "2026-11-26T03:00:00.000Z" },
		},
	]);
	expect((await backups("--json")).stdout).not.toContain("keptBy");
});

it("says what it does not list with --verbose", async () => {
	await bucket().server.put(keyOf(1), "by hand");
	const quiet = `no archives of ${TEMPLATE.text} in s3://demo/${TEMPLATE.prefix}; 1 object of others under such keys`;
	expect(await backups()).toMatchObject({
		exitCode: 0,
		stdout: "",
		stderr: `${quiet} (--verbose lists them)\n`,
	});
	expect((await backups("--verbose")).stderr).toBe(
		`not listed: ${keyOf(1)} was not put there by zipferry\n${quiet}\n`,
	);
});

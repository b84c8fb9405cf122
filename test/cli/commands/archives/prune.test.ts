import { expect, it } from "vitest";
import { listArchives } from "../../../../src/backup/archives/list-archives.ts";
import { updateRecord } from "../../../../src/backup/archives/record.ts";
import { lockJob } from "../../../../src/backup/lock/lock-job.ts";
import { TEMPLATE, useArchiveBucket } from "../../../backup/archives/archive-bucket.ts";
import { BUCKET } from "../../../support/demo-server.ts";
import { errorLine, zipferry } from "../../zipferry.ts";

let deniesDeletion = false;
const bucket = useArchiveBucket(() => {
	deniesDeletion = false;
	return {
		onRequest: ({ operation }) =>
			deniesDeletion && operation.startsWith("Delete")
				? { status: 403, code: "AccessDenied", message: "not you" }
				: undefined,
	};
});
const prune = (...args: readonly string[]) =>
	zipferry(["prune", TEMPLATE.text, ...args], { env: bucket().server.env });
const keyOf = (number: number) => `job/2026-11-0${number}T03-00-00Z.zip`;
const addVerified = async (count: number) => {
	for (let number = 1; number <= count; number++) await bucket().addVerified(`2026-11-0${number}T03:00:00Z`);
};
const archives = async () => (await bucket().server.keys()).filter((key) => key.endsWith(".zip"));

it("shows every archive and the rule that keeps it with --dry-run, and removes nothing", async () => {
	await addVerified(3);
	const { exitCode, stdout, stderr } = await prune("--keep-last", "1", "--keep-monthly", "2", "--dry-run");
	expect(exitCode).toBe(0);
	expect(
		stdout
			.trimEnd()
			.split("\n")
			.map((row) => row.trim().split(/\s{2,}/)),
	).toEqual([
		["ACTION", "TIME", "AGE", "SIZE", "WHY", "KEY"],
		["keep", "2026-11-03 03:00", expect.any(String), "349 B", "last, monthly", keyOf(3)],
		["remove", "2026-11-02 03:00", expect.any(String), "349 B", "-", keyOf(2)],
		["keep", "2026-11-01 03:00", expect.any(String), "349 B", "oldest monthly", keyOf(1)],
	]);
	expect(stderr).toBe("2 archives kept, 1 would be removed (349 B)\n");
	expect(await archives()).toHaveLength(3);
});

it("removes the archives that no rule keeps, and says which", async () => {
	await addVerified(3);
	await bucket().server.put("job/2026-10-01T03-00-00Z.zip", "by hand");
	expect(await prune("--keep-last", "1")).toMatchObject({
		exitCode: 0,
		stdout: "",
		stderr: `removed ${keyOf(1)}\nremoved ${keyOf(2)}\n1 archive kept, 2 removed (698 B), 1 object of others left alone\n`,
	});
	expect(await archives()).toEqual(["job/2026-10-01T03-00-00Z.zip", keyOf(3)]);
	expect(await prune("--keep-last", "1", "--quiet")).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
});

it("tells programs what became of each with --json", async () => {
	await addVerified(2);
	const { stdout, stderr } = await prune("--keep-last", "1", "--json");
	expect(stderr).toBe("");
	expect(JSON.parse(stdout)).toMatchObject({
		...{ template: TEMPLATE.text, bucket: "demo", dryRun: false, strangers: [] },
		archives: [
			{ key: keyOf(2), size: 349, action: "keep", keptBy: ["last"] },
			{ key: keyOf(1), time: "2026-11-01T03:00:00.000Z", action: "remove", keptBy: [] },
		],
	});
});

it("does not try what the storage holds, and says until when", async () => {
	await addVerified(3);
	const [first] = await listArchives(bucket().connection, TEMPLATE);
	if (first === undefined) throw new Error("there is no archive");
	await updateRecord(bucket().connection, BUCKET, first, (record) => ({
		...record,
		locks: [{ at: "2026-11-01T03:00:00Z", mode: "governance", until: "2099-01-01T00:00:00Z" }],
	}));
	const { stdout } = await prune("--keep-last", "1", "--dry-run");
	expect(stdout).toMatch(/\nlocked .* until 2099-01-01 .*2026-11-01/);
	expect(await prune("--keep-last", "1")).toMatchObject({
		exitCode: 0,
		stderr: `removed ${keyOf(2)}\n1 archive kept, 1 removed (349 B), 1 locked until 2099-01-01\n`,
	});
	expect(await archives()).toEqual([keyOf(1), keyOf(3)]);
});

it("asks what is kept, and removes nothing without an answer", async () => {
	await addVerified(2);
	const outcome = await prune();
	expect(outcome.exitCode).toBe(2);
	expect(errorLine(outcome)).toMatch(/^say which archives are kept, for instance with --keep-daily 7/);
	expect((await prune("--keep-min", "1")).exitCode).toBe(2);
	expect(await archives()).toHaveLength(2);
});

it("exits with 7 if a drill is required and there was none, and removes nothing", async () => {
	await addVerified(2);
	expect(await prune("--keep-last", "1", "--require-drill", "30d")).toMatchObject({
		exitCode: 7,
		stderr: expect.stringMatching(
			/^warning: no restore drill has proven an archive .*\n2 archives kept, 0 removed\n$/,
		),
	});
	expect(await archives()).toHaveLength(2);
});

it("removes nothing while none of the archives was verified, and says so", async () => {
	for (const number of [1, 2]) await bucket().add(`2026-11-0${number}T03:00:00Z`);
	expect(await prune("--keep-last", "1")).toMatchObject({
		exitCode: 0,
		stderr: expect.stringMatching(/^warning: none of the archives was verified/),
	});
	expect(await archives()).toHaveLength(2);
});

it("fails with 5 if the storage lets nothing go", async () => {
	await addVerified(2);
	deniesDeletion = true;
	const outcome = await prune("--keep-last", "1");
	expect(outcome.exitCode).toBe(5);
	expect(errorLine(outcome)).toMatch(
		/^1 object could not be removed, s3:\/\/demo\/job\/.*no archive was removed/,
	);
	expect(await archives()).toHaveLength(2);
});

it("keeps away from a run of the same job with 8", async () => {
	await addVerified(2);
	const lock = await lockJob(TEMPLATE, { waitMs: 0, endpoint: bucket().connection.endpoint });
	try {
		expect(await prune("--keep-last", "1")).toMatchObject({ exitCode: 8 });
		expect((await prune("--keep-last", "1", "--dry-run")).exitCode).toBe(0);
	} finally {
		await lock.release();
	}
	expect(await archives()).toHaveLength(2);
});

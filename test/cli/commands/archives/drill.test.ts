import { readdir, readFile } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FaultHook } from "../../../../localstack/strict-s3/faults.ts";
import { createZip } from "../../../../src/index.ts";
import { writeArchiveMetadata } from "../../../../src/upload/archive-metadata.ts";
import { BUCKET, DemoServer } from "../../../support/demo-server.ts";
import { Gate } from "../../../support/gate.ts";
import { stopPrograms } from "../../../support/program.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";
import { errorLine, startZipferry, zipferry } from "../../zipferry.ts";

const TEMPLATE = `s3://${BUCKET}/photos/%Y-%m-%d.zip`;
const RECORD = "photos/2026-10-02.zip.record.json";

const scratch = useTempDirectory();
let server: DemoServer;
let hold: FaultHook = () => undefined;
beforeAll(async () => {
	server = await DemoServer.start({ onRequest: (request) => hold(request) });
});
afterAll(() => server?.close());
afterEach(stopPrograms);
beforeEach(async () => {
	hold = () => undefined;
	await scratch.write({ "tree/a.txt": "the first", "tree/b.txt": "the second", scratch: null });
	await createZip([{ path: scratch.path("tree") }], scratch.path("a.zip"), { method: "store" });
	const bytes = await readFile(scratch.path("a.zip"));
	for (const day of ["2026-10-01", "2026-10-02"]) await putArchive(day, bytes);
});

/** An archive as a backup of that day has published it. */
async function putArchive(day: string, body: Buffer): Promise<void> {
	const { s3 } = server;
	const client = new S3Client({
		endpoint: s3.endpoint,
		region: s3.region,
		credentials: s3,
		forcePathStyle: true,
	});
	const facts = { format: 1, startedNs: "1", method: "auto", level: 6, template: TEMPLATE };
	const unknown = { mtime: undefined, job: undefined, fingerprint: undefined };
	const Metadata = writeArchiveMetadata({ ...facts, ...unknown });
	await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `photos/${day}.zip`, Body: body, Metadata }));
	client.destroy();
}

function drill(...args: readonly string[]) {
	return zipferry(["drill", "--scratch", scratch.path("scratch"), ...args, TEMPLATE], { env: server.env });
}

async function recorded(key: string): Promise<{ drills: { ok: boolean; error?: string }[] }> {
	return JSON.parse((await server.get(key)).bytes.toString());
}

describe("zipferry drill", () => {
	it("restores the newest archive, compares it, records that, and leaves nothing", async () => {
		const { exitCode, stderr, stdout } = await drill("--no-progress");
		expect(stderr).toMatch(
			/^s3:\/\/demo\/photos\/2026-10-02\.zip: restored 2 entries, 19 B in 0:00 \(.+\/s\), all as in the archive\n$/,
		);
		expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
		const { drills } = await recorded(RECORD);
		expect(drills.at(-1)).toMatchObject({ ok: true, entryCount: 2, size: 19, sample: 1 });
		expect(await readdir(scratch.path("scratch"))).toEqual([]);
	});

	it("prints what it found as JSON, with the last restore that was proven", async () => {
		const { exitCode, stdout } = await drill("--json", "--sample", "5%", "--seed", "mine");
		expect(exitCode).toBe(0);
		const result = JSON.parse(stdout);
		expect(result).toMatchObject({
			archive: `s3://${BUCKET}/photos/2026-10-02.zip`,
			time: "2026-10-02T00:00:00.000Z",
			...{ ok: true, entryCount: 2, archiveEntryCount: 2, size: 19, sample: 1, seed: "mine" },
			...{ differenceCount: 0, differences: [] },
		});
		expect(result.lastProvenRestore).toBe(result.at);
	});

	it("exits 7 for a damaged archive, and records that as well", async () => {
		const bytes = await readFile(scratch.path("a.zip"));
		bytes[bytes.indexOf("the first")] = 0;
		await putArchive("2026-10-02", bytes);
		const outcome = await drill("--no-progress");
		expect(outcome.exitCode).toBe(7);
		expect(errorLine(outcome)).toMatch(/2026-10-02\.zip: the restore drill has failed: .*"a\.txt"/);
		const { drills } = await recorded(RECORD);
		expect(drills).toHaveLength(1); // those of the archive that was there before are not its own
		expect(drills[0]).toMatchObject({ ok: false, error: expect.stringContaining("a.txt") });
		expect(await readdir(scratch.path("scratch"))).toEqual([]);
	});

	it("takes an older archive with --at, and prints nothing on success with --quiet", async () => {
		const { exitCode, stderr, stdout } = await drill("--at", "2026-10-01", "--quiet");
		expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: "", stdout: "" });
		expect((await recorded("photos/2026-10-01.zip.record.json")).drills.at(-1)?.ok).toBe(true);
	});

	it("writes when a restore was proven into the metrics of the job, and only warns if it cannot", async () => {
		const path = scratch.path("backup.prom");
		const own = ["--name", "photos", "--host", "web-1"];
		expect((await drill("--quiet", ...own, "--metrics-file", path)).stderr).toBe("");
		expect(await readFile(path, "utf8")).toMatch(
			/^zipferry_backup_last_proven_restore_timestamp_seconds\{backup_job="photos",host="web-1"\} \d+/m,
		);
		const outcome = await drill("--quiet", "--metrics-file", scratch.path("no/such/backup.prom"));
		expect(outcome).toMatchObject({
			exitCode: 0,
			stderr: expect.stringMatching(
				/^warning: the metrics file .* could not be written: ENOENT: no such file or directory\n$/,
			),
		});
	});

	it("exits 4 where there is no such archive", async () => {
		const outcome = await drill("--at", "2026-09-30");
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toContain("the oldest one is s3://demo/photos/2026-10-01.zip");
	});

	it("refuses a sample that is none, and a seed without one", async () => {
		expect(await drill("--sample", "0")).toMatchObject({ exitCode: 2 });
		expect(await drill("--seed", "x")).toMatchObject({ exitCode: 2 });
	});

	it("refuses a day that is none by the name of its option", async () => {
		expect((await drill("--at", "yesterday")).stderr).toMatch(/^zipferry: --at must be a day such as /);
	});

	it("removes what it has restored when it is stopped", async () => {
		// Larger than what is read of the end of an archive: its content takes a request of its own.
		await scratch.write({ "large/file": "x".repeat(300_000) });
		await createZip([{ path: scratch.path("large") }], scratch.path("large.zip"), { method: "store" });
		await putArchive("2026-10-02", await readFile(scratch.path("large.zip")));
		const restoring = new Gate();
		const released = new Gate();
		hold = async ({ operation }) => {
			if (operation !== "GetObject" || (await readdir(scratch.path("scratch"))).length === 0)
				return undefined;
			restoring.open();
			await released.passed;
			return undefined;
		};
		const args = ["drill", "--scratch", scratch.path("scratch"), TEMPLATE];
		const program = startZipferry(args, { env: server.env });
		await restoring.passed;
		program.kill("SIGTERM");
		expect((await program.ended).exitCode).toBe(143);
		released.open();
		expect(await readdir(scratch.path("scratch"))).toEqual([]);
	});
});

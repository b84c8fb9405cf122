import { mkdir, readFile, utimes } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { BackupJob } from "../../../src/backup/job.ts";
import { openParts } from "../../../src/backup/run/real-parts.ts";
import { runBackup } from "../../../src/backup/run/run-backup.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { plainJob, WORDS } from "./fake-parts.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const REFUSED = { status: 403, code: "AccessDenied", message: "no" } as const;

const directory = useTempDirectory();
let faults: FaultSwitch;
let server: DemoServer;
let listener: Server;
/** Status that a ping gets, and what was pinged. */
let pingStatus = 200;
const pings: string[] = [];
let job = 0;

beforeAll(async () => {
	const onRequest: FaultSwitch["onRequest"] = (request) => faults.onRequest(request);
	faults = new FaultSwitch();
	server = await DemoServer.start({ onRequest });
	listener = createServer((request, response) => {
		pings.push(request.url ?? "");
		response.writeHead(pingStatus).end();
	});
	await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
	await server?.close();
	listener?.close();
});
beforeEach(async () => {
	job += 1;
	pings.length = 0;
	pingStatus = 200;
	await directory.write({ "src/a.txt": "alpha" });
});
afterEach(() => {
	faults.next = () => undefined;
});

function daily(over: Partial<BackupJob> = {}): BackupJob {
	const { endpoint, region, accessKeyId, secretAccessKey } = server.s3;
	const { port } = listener.address() as AddressInfo;
	return plainJob({
		name: "daily",
		sources: [{ path: directory.path("src") }],
		template: parseKeyTemplate(`s3://${BUCKET}/job-${job}/%Y-%m-%d.zip`),
		upload: {
			...{ endpoint, region, credentials: { accessKeyId, secretAccessKey } },
			retryTimeMs: 500,
		},
		keep: { last: 1, min: 1 },
		lease: true,
		tell: {
			...plainJob().tell,
			ping: `http://127.0.0.1:${port}/check`,
			metricsFile: directory.path("metrics.prom"),
		},
		...over,
	});
}

function runOn(day: number, given: BackupJob) {
	return runBackup(given, { words: WORDS, parts: openParts, now: () => new Date(START + day * DAY) });
}

async function archives(): Promise<string[]> {
	return (await server.keys()).filter((key) => key.startsWith(`job-${job}/`) && key.endsWith(".zip"));
}

/** A first run that is well, with its archive. */
async function goodRun(): Promise<string> {
	expect(await runOn(0, daily())).toMatchObject({ status: "success", exitCode: 0 });
	const [key = ""] = await archives();
	return key;
}

const isArchive = (key: string) => key.endsWith(".zip");

describe("a run after a good one that fails", () => {
	it.each([
		["in its source", {}, () => undefined, 4],
		[
			"in its upload",
			{},
			({ operation, key }) => (operation === "PutObject" && isArchive(key) ? REFUSED : undefined),
			5,
		],
		[
			"by the network",
			{},
			({ operation, key }) => (operation === "PutObject" && isArchive(key) ? { destroy: true } : undefined),
			6,
		],
	] as [string, object, FaultSwitch["next"], number][])(
		"%s leaves the good one alone, and says so",
		async (what, _over, next, exitCode) => {
			const good = await goodRun();
			const { ETag } = await server.get(good);
			faults.next = next;
			const given =
				what === "in its source" ? daily({ sources: [{ path: directory.path("nowhere") }] }) : daily();
			const report = await runOn(1, given);
			faults.next = () => undefined;
			expect(report).toMatchObject({ status: "failure", exitCode, archive: undefined, retention: undefined });
			expect(await archives()).toEqual([good]);
			expect((await server.get(good)).ETag).toBe(ETag);
			expect(await server.incompleteUploads()).toEqual([]);
			expect(pings).toEqual([
				...[expect.stringMatching(/^\/check\/start/), expect.stringMatching(/^\/check\?|^\/check$/)],
				...[expect.stringMatching(/^\/check\/start/), expect.stringMatching(/^\/check\/fail/)],
			]);
			expect(await readFile(directory.path("metrics.prom"), "utf8")).toMatch(
				new RegExp(`exit_code.* ${exitCode}$`, "m"),
			);
		},
	);

	it("as the archive cannot be read back removes none", async () => {
		const good = await goodRun();
		faults.next = ({ operation, key }) =>
			operation === "GetObject" && isArchive(key)
				? { status: 404, code: "NoSuchKey", message: "gone" }
				: undefined;
		const report = await runOn(1, daily());
		faults.next = () => undefined;
		expect(report.status).toBe("failure");
		expect(report.exitCode).toBeGreaterThan(3);
		expect(report.retention).toBeUndefined();
		expect(await archives()).toContain(good);
	});

	it.each([
		[
			"record",
			({ operation, key }) =>
				operation === "PutObject" && key.endsWith(".record.json") ? REFUSED : undefined,
		],
		[
			"retention",
			({ operation }) =>
				operation === "DeleteObjects" || operation === "DeleteObject" ? REFUSED : undefined,
		],
		["listing", ({ operation }) => (operation === "ListObjectsV2" ? REFUSED : undefined)],
	] as [string, FaultSwitch["next"]][])("at its %s has its archive and removes none", async (_what, next) => {
		const good = await goodRun();
		faults.next = next;
		const report = await runOn(1, daily());
		faults.next = () => undefined;
		expect(report).toMatchObject({
			status: "failure",
			exitCode: 5,
			archive: { key: `job-${job}/2026-01-02.zip` },
		});
		expect(report.error?.message).toMatch(/; the archive s3:\/\/demo\/job-\d+\/2026-01-02\.zip is complete/);
		expect(await archives()).toEqual([good, `job-${job}/2026-01-02.zip`]);
		expect(pings.at(-1)).toMatch(/^\/check\/fail/);
	});

	it("as its lease is taken from it before the end publishes nothing", async () => {
		const good = await goodRun();
		const lease = (await server.keys()).find(
			(key) => key.startsWith(`job-${job}/`) && key.endsWith(".lease.json"),
		);
		const steal = async function* () {
			yield "data";
			const theirs = JSON.parse((await server.get(lease ?? "")).bytes.toString());
			await server.put(
				lease ?? "",
				JSON.stringify({ ...theirs, id: "00000000-0000-4000-8000-000000000000" }),
			);
			yield "more";
		};
		const given = daily({ sources: [{ path: directory.path("src") }] });
		const parts: typeof openParts = async (one, context) => {
			const real = await openParts(one, context);
			return {
				...real,
				async upload(task) {
					for await (const _chunk of steal());
					return await real.upload(task);
				},
			};
		};
		const report = await runBackup(given, { words: WORDS, parts, now: () => new Date(START + DAY) });
		expect(lease).toBeDefined();
		expect(report).toMatchObject({
			status: "failure",
			exitCode: 8,
			archive: undefined,
			retention: undefined,
		});
		expect(await archives()).toEqual([good]);
	});
});

describe("a run whose telling fails", () => {
	it("is well, removes what is old, and warns of it", async () => {
		const good = await goodRun();
		pingStatus = 500;
		await mkdir(directory.path("metrics.d"));
		const tell = { ...daily().tell, metricsFile: directory.path("metrics.d") };
		const report = await runOn(1, daily({ tell }));
		expect(report).toMatchObject({ status: "success", exitCode: 0, retention: { removed: [good] } });
		expect(report.warnings.map(({ code }) => code)).toEqual(
			expect.arrayContaining(["NOT_TOLD", "METRICS_NOT_WRITTEN"]),
		);
		expect(await archives()).toEqual([`job-${job}/2026-01-02.zip`]);
	});
});

describe("a run that leaves out what cannot be read", () => {
	it("makes no archive that a later run takes for unchanged", async () => {
		await utimes(directory.path("src/a.txt"), 1, 1);
		await utimes(directory.path("src"), 1, 1);
		const given = daily({ skipIfUnchanged: true });
		// Found when it is read, and not before: as with a file that its owner alone may read.
		const parts: typeof openParts = async (one, context) => {
			const real = await openParts(one, context);
			return {
				...real,
				async upload(task) {
					const message = "left out b.txt: permission denied";
					context.onEvent({ type: "warning", code: "UNREADABLE_SKIPPED", message });
					return await real.upload(task);
				},
			};
		};
		const first = await runBackup(given, { words: WORDS, parts, now: () => new Date(START) });
		expect(first).toMatchObject({ status: "success", exitCode: 3 });
		expect(await runOn(1, given)).toMatchObject({ status: "success", exitCode: 0 });
		expect(await runOn(2, given)).toMatchObject({ status: "unchanged", exitCode: 0 });
	});
});

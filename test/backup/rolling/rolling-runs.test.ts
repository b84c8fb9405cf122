import { rm, utimes, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FaultHook } from "../../../localstack/strict-s3/local-s3.ts";
import { openParts } from "../../../src/backup/run/real-parts.ts";
import { runBackup } from "../../../src/backup/run/run-backup.ts";
import type { RunEvent } from "../../../src/backup/run/run-events.ts";
import type { RunParts } from "../../../src/backup/run/run-parts.ts";
import type { RunReport } from "../../../src/backup/run-report.ts";
import { parseKeyTemplate } from "../../../src/backup/template/parse-key-template.ts";
import { verifyArchive } from "../../../src/index.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { plainJob, WORDS } from "../run/fake-parts.ts";

const MIB = 1024 ** 2;
const DAY_MS = 86_400_000;
const FILES = 8;
const ALL = "all of the archive is made and sent";

const directory = useTempDirectory();
let server: DemoServer;
let onRequest: FaultHook;
beforeEach(async () => {
	onRequest = () => undefined;
	server = await DemoServer.start({ onRequest: (request) => onRequest(request) });
	for (let index = 0; index < FILES; index++) {
		await directory.write({ [`src/file-${index}`]: noise(1.5 * MIB, index) });
		await utimes(directory.path(`src/file-${index}`), 1e9, 1e9);
	}
	await delay(3_100); // what has changed right before an archive counts as changed
});
afterEach(() => server.close());

interface Night {
	/** Days from the first one. */
	readonly day: number;
	readonly template?: string;
	readonly name?: string;
	readonly host?: string;
	readonly fullEvery?: number;
	readonly job?: Parameters<typeof plainJob>[0];
	/** What it does its work with, of the real one. */
	readonly parts?: (real: RunParts) => Partial<RunParts>;
}

interface Outcome {
	readonly report: RunReport;
	/** What is said of it to people. */
	readonly notes: readonly string[];
	readonly warnings: readonly string[];
}

const TEMPLATE = `s3://${BUCKET}/job/%Y-%m-%dT%H-%M-%SZ.zip`;

async function night({ day, template = TEMPLATE, name = "job", host, ...more }: Night): Promise<Outcome> {
	const { fullEvery, parts = () => ({}) } = more;
	const { endpoint, region } = server.s3;
	const every = fullEvery === undefined ? undefined : { years: 0, months: 0, days: fullEvery, hours: 0 };
	const job = plainJob({
		name,
		template: parseKeyTemplate(template, { name, host }),
		sources: [{ path: directory.path("src") }],
		upload: { endpoint, region, credentials: server.s3, provider: "aws", method: "store" },
		rolling: { fullEvery: every },
		...more.job,
	});
	const events: RunEvent[] = [];
	const report = await runBackup(job, {
		words: WORDS,
		now: () => new Date(Date.now() + day * DAY_MS),
		async parts(of, context) {
			const real = await openParts(of, context);
			return { ...real, ...parts(real) };
		},
		onEvent: (event) => events.push(event),
	});
	return {
		report,
		notes: events.flatMap((event) => (event.type === "run-note" ? [event.message] : [])),
		warnings: report.warnings.map(({ code, message }) => `${code}: ${message}`),
	};
}

function client(): S3Client {
	const { endpoint, region } = server.s3;
	return new S3Client({ endpoint, region, credentials: server.s3, forcePathStyle: true });
}

async function put(key: string, body: Buffer, metadata: Record<string, string> | undefined): Promise<void> {
	const object = { Bucket: BUCKET, Key: key, Body: body, Metadata: metadata };
	await client().send(new PutObjectCommand(object));
}

const keyOf = ({ report }: Outcome) => report.archive?.key ?? "";

async function metadataOf(outcome: Outcome): Promise<Record<string, string>> {
	return (await server.get(keyOf(outcome))).Metadata ?? {};
}

async function expectWhole(outcome: Outcome): Promise<void> {
	const { endpoint, region } = server.s3;
	const storage = { endpoint, region, credentials: server.s3 };
	const against = directory.path("src");
	const checked = await verifyArchive(`s3://${BUCKET}/${keyOf(outcome)}`, {
		...storage,
		level: "content",
		against,
	});
	expect(checked).toMatchObject({ ok: true, findings: [], differences: [] });
}

describe("a rolling job", { timeout: 60_000 }, () => {
	it("removes temporary objects that earlier runs have left, and takes them for nothing else", async () => {
		const first = await night({ day: 0 });
		const left = `${keyOf(first)}.zipferry-joined/0-1`;
		const strange = "job/other.zip.zipferry-joined/0-1";
		for (const key of [left, strange]) await put(key, Buffer.from("left"), undefined);
		const alone = await night({ day: 1, job: { lease: false } });
		expect(await server.keys()).toContain(left); // another run may need it
		expect(alone).toMatchObject({
			report: { status: "success", archive: { base: keyOf(first) } },
			warnings: [],
		});
		const second = await night({ day: 2, job: { lease: true, keep: { last: 1, min: 1 } } });
		expect(second).toMatchObject({
			report: { status: "success", retention: { keptCount: 1, removedCount: 2 } },
			warnings: [],
		});
		expect((await server.keys()).filter((key) => key.includes(".zipferry-joined/"))).toEqual([strange]);
	});

	it("copies night by night what has not changed, and says from where", { tags: "slow" }, async () => {
		const first = await night({ day: 0 });
		expect(first).toMatchObject({
			report: { status: "success", archive: { base: undefined, copiedEntryCount: 0, copiedSize: 0 } },
			notes: expect.arrayContaining([`there is no archive of ${TEMPLATE} yet; ${ALL}`]),
			warnings: [],
		});
		expect(await metadataOf(first)).not.toHaveProperty("zipferry-full");
		await writeFile(directory.path("src/file-7"), noise(MIB, 99));
		const second = await night({ day: 1 });
		expect(second).toMatchObject({
			report: {
				status: "success",
				archive: { base: keyOf(first), copiedEntryCount: FILES - 1, entryCount: FILES },
			},
			warnings: [],
		});
		expect(second.report.archive?.copiedSize).toBeGreaterThan(10 * MIB);
		const { "zipferry-started": started } = await metadataOf(first);
		expect(await metadataOf(second)).toMatchObject({
			"zipferry-full": started,
			"zipferry-base": keyOf(first),
		});
		await rm(directory.path("src/file-0"));
		const third = await night({ day: 2, job: { verify: "content", keep: { last: 1, min: 1 } } });
		expect(third.report).toMatchObject({
			status: "success",
			archive: { base: keyOf(second), verified: "content" },
			retention: { removed: expect.arrayContaining([keyOf(first), keyOf(second)]) },
		});
		expect(await metadataOf(third)).toMatchObject({ "zipferry-full": started });
		await expectWhole(third);
	});

	it("makes all anew when the last full archive is that old, and says so", { tags: "slow" }, async () => {
		const first = await night({ day: 0, fullEvery: 30 });
		const second = await night({ day: 29, fullEvery: 30 });
		expect(second.report.archive?.base).toBe(keyOf(first));
		const third = await night({ day: 30, fullEvery: 30 });
		expect(third.report).toMatchObject({ status: "success", archive: { copiedSize: 0, base: undefined } });
		expect(third.notes.join("\n")).toMatch(
			/^the last full archive is of 20\d\d-[-\dT:]+Z; all of the archive is made and sent$/m,
		);
		expect(third.warnings).toEqual([]);
		expect(await metadataOf(third)).not.toHaveProperty("zipferry-full");
	});

	it("falls back to an older archive, and to none, where a base is gone", { tags: "slow" }, async () => {
		const first = await night({ day: 0 });
		const second = await night({ day: 1 });
		await server.delete(keyOf(second));
		const third = await night({ day: 2 });
		expect(third.report.archive?.base).toBe(keyOf(first));
		for (const key of await server.keys()) if (key.endsWith(".zip")) await server.delete(key);
		const fourth = await night({ day: 3 });
		expect(fourth.report.archive).toMatchObject({ base: undefined, copiedSize: 0 });
		expect(fourth.notes.join("\n")).toContain("there is no archive of");
		const fifth = await night({
			day: 4,
			parts: (real) => ({
				async upload(task) {
					await server.delete(task.base?.key ?? "");
					return real.upload(task);
				},
			}),
		});
		expect(fifth.report).toMatchObject({ status: "success", archive: { base: undefined, copiedSize: 0 } });
		const base = `s3://${BUCKET}/${keyOf(fourth)}`;
		expect(fifth.warnings).toEqual([`BASE_NOT_USED: the base ${base} does not exist; ${ALL}`]);
		expect(await metadataOf(fifth)).not.toHaveProperty("zipferry-base");
		await expectWhole(fifth);
	});

	it("copies nothing from an object that was put in the place of the one that it has found", {
		tags: "slow",
	}, async () => {
		const first = await night({ day: 0 });
		const { bytes, Metadata } = await server.get(keyOf(first));
		const overwritten: Night["parts"] = (real) => ({
			async upload(task) {
				// The same bytes; that is not known of an object with another ETag.
				await put(task.base?.key ?? "", bytes, Metadata);
				return real.upload(task);
			},
		});
		const second = await night({ day: 1, parts: overwritten });
		expect(second.report.archive).toMatchObject({ base: undefined, copiedSize: 0 });
		expect(second.warnings).toEqual([
			`BASE_NOT_USED: the base s3://${BUCKET}/${keyOf(first)} was replaced meanwhile; ${ALL}`,
		]);
		await expectWhole(second);
	});

	it("fails, and removes nothing, if the base is deleted while it is copied", { tags: "slow" }, async () => {
		const keep = { last: 1, min: 1 };
		const first = await night({ day: 0 });
		const second = await night({ day: 1 });
		onRequest = async ({ operation }) => {
			if (operation === "UploadPartCopy") await server.delete(keyOf(second));
			return undefined;
		};
		const third = await night({ day: 2, job: { keep } });
		expect(third.report).toMatchObject({ status: "failure", archive: undefined, retention: undefined });
		const archives = (await server.keys()).filter((key) => key.endsWith(".zip"));
		expect(archives).toEqual([keyOf(first)]);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("takes no archive that was not verified, or in which a drill has failed", { tags: "slow" }, async () => {
		const first = await night({ day: 0 });
		const second = await night({ day: 1, parts: () => ({ record: async () => {} }) });
		const third = await night({ day: 2 });
		expect(third.report.archive?.base).toBe(keyOf(first));
		for (const { key, etag } of [first, third].map(({ report }) => report.archive ?? { key: "", etag: "" }))
			await server.put(`${key}.record.json`, JSON.stringify({ ...FAILED_DRILL, etag }));
		const fourth = await night({ day: 3 });
		expect(fourth.report.archive).toMatchObject({ base: undefined, copiedSize: 0 });
		expect(fourth.warnings).toEqual([
			`BASE_NOT_USED: s3://${BUCKET}/${keyOf(third)} was not verified, or a restore of it has failed since; ${ALL}`,
		]);
		expect(keyOf(second)).not.toBe("");
	});

	it("takes no archive from the future, as a clock was wrong", { tags: "slow" }, async () => {
		const first = await night({ day: 9 });
		const second = await night({ day: 0 });
		expect(second.report.archive).toMatchObject({ base: undefined, copiedSize: 0 });
		expect(second.warnings).toEqual([
			`BASE_NOT_USED: s3://${BUCKET}/${keyOf(first)} is from the future; ${ALL}`,
		]);
	});

	it("takes no archive of another template, job, machine or source", { tags: "slow" }, async () => {
		const template = `s3://${BUCKET}/job/%F.zip`;
		const first = await night({ day: 0, template, host: "a" });
		const noBase = { base: undefined, copiedSize: 0, copiedEntryCount: 0 };
		// The same keys, and another text.
		const other = await night({ day: 1, template: `s3://${BUCKET}/{name}/%F.zip`, host: "a" });
		expect(other.report.archive).toMatchObject(noBase);
		expect(other.warnings.join()).toContain(`${keyOf(first)} belongs to the template ${template}`);
		const otherJob = await night({ day: 2, template, name: "second", host: "a" });
		expect(otherJob.report.archive).toMatchObject(noBase);
		const otherHost = await night({ day: 3, template, host: "b" });
		expect(otherHost.report.archive).toMatchObject(noBase);
		expect(otherHost.warnings.join()).toContain("belongs to the job second");
		const moved = { sources: [{ path: directory.path("src"), as: "elsewhere" }] };
		const otherSource = await night({ day: 4, template, host: "a", job: moved });
		expect(otherSource.report.archive).toMatchObject(noBase);
		// Those of others are passed over.
		const same = await night({ day: 5, template, host: "a" });
		expect(same.report.archive?.base).toBe(keyOf(first));
	});
});

const FAILED_DRILL = {
	version: 1,
	verified: [{ at: "2026-11-26T03:00:00.000Z", level: "structure" }],
	drills: [
		{
			at: "2026-11-26T04:00:00.000Z",
			ok: false,
			entryCount: 8,
			size: 1,
			sample: 1,
			elapsedMs: 1,
			host: "a",
			error: "damaged",
		},
	],
	locks: [],
};

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import {
	CreateBucketCommand,
	DeleteBucketCommand,
	DeleteObjectCommand,
	ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runZipferry } from "../../faults/run-zipferry.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { contractServer } from "../../s3/servers.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const server = await contractServer();
/** Enough for two parts. */
const LARGE = randomBytes(6 * 1024 * 1024);
const LIMIT_MS = 60_000;
/** The provider to name where parts are copied from objects, and may be of any size. */
const COPYING = { aws: "aws", embedded: "aws", ceph: "ceph", swift: undefined }[server.name];

const directory = useTempDirectory();
let plain: ContractBucket;
beforeAll(async () => {
	vi.stubEnv("AWS_ACCESS_KEY_ID", server.credentials.accessKeyId);
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.credentials.secretAccessKey);
	vi.stubEnv("AWS_REGION", server.region);
	vi.stubEnv("AWS_ENDPOINT_URL_S3", server.endpoint);
	plain = await ContractBucket.create(server);
});
afterAll(async () => {
	await plain?.destroy();
	await server.stop();
	vi.unstubAllEnvs();
});

const templateIn = (bucket: string) => `s3://${bucket}/job/%Y-%m-%dT%H-%M-%SZ.zip`;

async function zipferry(...args: readonly string[]): Promise<string> {
	const { exitCode, stdout, stderr } = await runZipferry(args, LIMIT_MS);
	expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
	return stdout;
}

/** Backs up several times, each under a key of its own. */
async function backUp(count: number, bucket: string, ...options: readonly string[]): Promise<void> {
	await directory.write({ "src/large.bin": LARGE, "src/small.txt": "small" });
	for (let run = 0; run < count; run++) {
		await delay(1_010 - (Date.now() % 1_000));
		const sending = ["--part-size", "5M", "--quiet"];
		await zipferry("backup", directory.path("src"), templateIn(bucket), ...sending, ...options);
	}
}

interface Row {
	readonly key: string;
	readonly entryCount: number;
	readonly verifiedAt: string;
	readonly provenAt?: string;
	readonly lockedUntil?: string;
}

/** What `backups` says of the archives, the newest first. */
async function rows(bucket: string): Promise<readonly Row[]> {
	return JSON.parse(await zipferry("backups", templateIn(bucket), "--json", "--quiet")) as Row[]; // of this version
}

describe(`a job on ${server.name}`, { timeout: 180_000, tags: "slow" }, () => {
	it("keeps what its rules keep, restores, and leaves nothing else", async () => {
		await backUp(4, plain.name, "--keep-last", "2");
		const two = await rows(plain.name);
		expect(two).toMatchObject([{ entryCount: 2 }, { entryCount: 2 }]);
		await zipferry("drill", templateIn(plain.name), "--quiet");
		await zipferry("prune", templateIn(plain.name), "--keep-last", "1", "--require-drill", "1d", "--quiet");
		const [newest, ...others] = await rows(plain.name);
		expect(newest?.key).toBe(two[0]?.key);
		expect(newest?.provenAt).toBeDefined();
		expect(others).toEqual([]);
		const restored = directory.path("restored");
		await zipferry("extract", "--latest", templateIn(plain.name), "--directory", restored, "--quiet");
		expect(LARGE.equals(await readFile(directory.path("restored/large.bin")))).toBe(true);
		const keys = await plain.keys("job/");
		const lease = keys.filter((key) => key.endsWith(".lease.json"));
		expect(keys.sort()).toEqual([...lease, `${newest?.key}`, `${newest?.key}.record.json`].sort());
		expect(lease.length).toBe(1);
		expect(JSON.parse((await plain.read(`${lease[0]}`)).toString())).toMatchObject({ released: true });
		expect(await plain.uploads()).toEqual([]);
	});

	it.runIf(COPYING !== undefined)("rolls: three nights, of which the later ones are copied", async () => {
		const template = `s3://${plain.name}/rolling/%Y-%m-%dT%H-%M-%SZ.zip`;
		const provider = ["--provider", `${COPYING}`, "--method", "store"];
		await directory.write({ "night/large.bin": LARGE, "night/small.txt": "small" });
		const archives: { key: string; base?: string; copiedSize: number }[] = [];
		for (const content of ["one", "two two", "three three"]) {
			await delay(4_100 - (Date.now() % 1_000)); // what has changed right before an archive counts as changed
			const rolling = ["--rolling", "--keep-last", "1", "--quiet", "--json", ...provider];
			const report = JSON.parse(await zipferry("backup", directory.path("night"), template, ...rolling));
			archives.push(report.archive);
			await directory.write({ "night/small.txt": content });
		}
		const [first, second, third] = archives;
		expect(first).toMatchObject({ copiedSize: 0 });
		expect(second).toMatchObject({ base: first?.key });
		expect(third).toMatchObject({ base: second?.key });
		for (const { copiedSize } of [second, third].map((archive) => archive ?? { copiedSize: 0 }))
			expect(copiedSize).toBeGreaterThan(LARGE.length);
		const listed = JSON.parse(await zipferry("backups", template, "--json", "--quiet"));
		expect(listed).toMatchObject([{ key: third?.key, base: second?.key }]);
		expect(Date.parse(listed[0].fullStartedAt)).toBeLessThan(Date.parse(listed[0].time));
		await zipferry("drill", template, "--quiet");
		const restored = directory.path("rolled");
		await zipferry("extract", "--latest", template, "--directory", restored, "--quiet");
		expect(LARGE.equals(await readFile(directory.path("rolled/large.bin")))).toBe(true);
		expect(await directory.read("rolled/small.txt")).toBe("two two");
		expect(await plain.uploads()).toEqual([]);
	});

	describe.runIf(server.differences.objectLock)("with Object Lock", () => {
		let name: string;
		beforeAll(async () => {
			name = `zipferry-contract-${randomBytes(6).toString("hex")}`;
			await plain.client.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: true }));
		});
		afterAll(async () => {
			for (const { Key, VersionId } of await everything()) {
				const object = { Bucket: name, Key, VersionId, BypassGovernanceRetention: true };
				await plain.client.send(new DeleteObjectCommand(object));
			}
			await plain.client.send(new DeleteBucketCommand({ Bucket: name }));
		});
		const everything = async () => {
			const { Versions = [], DeleteMarkers = [] } = await plain.client.send(
				new ListObjectVersionsCommand({ Bucket: name }),
			);
			return [...Versions, ...DeleteMarkers];
		};

		it("frees the space of old versions, whatever the storage makes of conditions there", async () => {
			await backUp(3, name, "--keep-last", "1", "--prune-versions");
			await zipferry("drill", templateIn(name), "--quiet");
			await zipferry("drill", templateIn(name), "--quiet");
			await zipferry("prune", templateIn(name), "--keep-last", "1", "--prune-versions", "--quiet");
			const [{ key = "" } = {}, ...others] = await rows(name);
			expect(others).toEqual([]);
			const versions = (await everything()).map(({ Key = "" }) => Key);
			const ours = versions.filter((version) => !version.endsWith(".lease.json"));
			expect(ours.sort()).toEqual([key, `${key}.record.json`]);
		});

		it("removes nothing that is locked, and nobody else can before its day", async () => {
			await backUp(2, name, "--keep-last", "1", "--lock", "governance", "--lock-interval", "1h");
			await zipferry("prune", templateIn(name), "--keep-last", "1", "--prune-versions", "--quiet");
			const [newest, older] = await rows(name);
			for (const row of [newest, older]) {
				expect(row?.lockedUntil).toBeDefined();
				expect(new Date(row?.lockedUntil ?? 0).getTime()).toBeGreaterThan(Date.now());
			}
			const { VersionId } = await plain.client
				.send(new ListObjectVersionsCommand({ Bucket: name, Prefix: newest?.key }))
				.then(({ Versions = [] }) => Versions[0] ?? {});
			const version = { Bucket: name, Key: newest?.key, VersionId };
			await expect(plain.client.send(new DeleteObjectCommand(version))).rejects.toMatchObject({
				name: "AccessDenied",
			});
		});
	});
});

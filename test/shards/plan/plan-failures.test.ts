import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type FaultRequest, type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import type { PlanShardsOptions } from "../../../src/shards/plan/options.ts";
import { planShards } from "../../../src/shards/plan/plan-shards.ts";
import type { ListedEntry } from "../../../src/shards/plan/sources/shard-source.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { FaultSwitch } from "../../support/fault-switch.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { until } from "../../support/until.ts";

const temp = useTempDirectory();
let faults = new FaultSwitch();
const server: LocalS3 = await startLocalS3({ onRequest: (request) => faults.onRequest(request) });
const contract = {
	...server,
	name: "embedded" as const,
	credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
	differences: DIFFERENCES.embedded,
	stop: () => server.close(),
};
let bucket: ContractBucket;
beforeEach(async () => {
	faults = new FaultSwitch();
	bucket = await ContractBucket.create(contract);
	await temp.write({ file: "content" });
	return async () => {
		faults = new FaultSwitch();
		await bucket.destroy();
	};
});
afterAll(() => server.close());

const DENIED = { status: 403, code: "AccessDenied", message: "Access Denied" };
const LONG = "n".repeat(30_000);
/** More than two pages of 8 MiB. */
const ENTRY_COUNT = 600;

/** Entries enough for a page to be put while they are listed. */
async function* entries(
	onListed: () => void | Promise<void> = () => {},
): AsyncGenerator<ListedEntry, void, void> {
	const source = temp.path("file");
	for (let index = 0; index < ENTRY_COUNT; index++)
		yield { name: `${String(index).padStart(6, "0")}${LONG}`, source };
	await onListed();
}

function plan(more: Partial<PlanShardsOptions> = {}, onListed: () => void | Promise<void> = () => {}) {
	const { endpoint, region } = server;
	const { credentials } = contract;
	const storage = { endpoint, region, credentials, provider: "ceph", pathStyle: true } as const;
	const address = { bucket: bucket.name, key: "all.zip" };
	return planShards({ entries: entries(onListed) }, { ...storage, ...address, retryTimeMs: 0, ...more });
}

function countOf(operation: string): number {
	return server.requests.filter(
		(request) => request.bucket === bucket.name && request.operation === operation,
	).length;
}

async function expectNothing(): Promise<void> {
	expect(await bucket.keys()).toEqual([]);
	expect(await bucket.uploads()).toEqual([]);
}

const isManifest = ({ operation, key }: FaultRequest) => operation === "PutObject" && key.endsWith(".json");

describe("planShards that fails", () => {
	it("puts pages while it lists, and keeps them if all goes well", async () => {
		const { id } = await plan({}, () => until(() => countOf("PutObject") > 0));
		const prefix = `all.zip.zipferry-shards/${id}/`;
		const keys = ["entries/000000", "entries/000001", "entries/000002", "manifest.json"];
		expect(await bucket.keys()).toEqual(keys.map((key) => `${prefix}${key}`));
	});

	it("removes the pages when a source fails after they were put", async () => {
		const failing = plan({}, async () => {
			await until(() => countOf("PutObject") > 0);
			throw new Error("the list breaks off");
		});
		await expect(failing).rejects.toThrow("the list breaks off");
		expect(countOf("PutObject")).toBeGreaterThan(0);
		expect(countOf("CreateMultipartUpload")).toBe(0);
		await expectNothing();
	});

	it("removes the pages when the upload is refused", async () => {
		faults.next = ({ operation }) => (operation === "CreateMultipartUpload" ? DENIED : undefined);
		await expect(plan()).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
		await expectNothing();
	});

	it("removes an upload whose id was lost with the response", async () => {
		faults.next = ({ operation }) =>
			operation === "CreateMultipartUpload" ? { loseAnswer: true } : undefined;
		await expect(plan()).rejects.toMatchObject({ code: "NETWORK" });
		await expectNothing();
	});

	it("removes an upload whose id was lost also if a later attempt succeeds", async () => {
		let count = 0;
		faults.next = ({ operation }) =>
			operation === "CreateMultipartUpload" && ++count === 1 ? { loseAnswer: true } : undefined;
		const { uploadId } = await plan({ retryTimeMs: 5_000 });
		expect(await bucket.uploads()).toEqual([{ Key: "all.zip", UploadId: uploadId }]);
	});

	it.each([
		["refused", DENIED, "STORAGE_REFUSED"],
		["written, and the response is lost", { loseAnswer: true } as const, "NETWORK"],
	])("aborts the upload and removes everything when the manifest is %s", async (_, fault, code) => {
		faults.next = (request) => (isManifest(request) ? fault : undefined);
		await expect(plan()).rejects.toMatchObject({ code });
		await expectNothing();
	});

	it("removes everything when the caller stops it, at any point", async () => {
		const points = ["CreateMultipartUpload", "PutObject", "HeadBucket"];
		for (const point of points) {
			const stopping = new AbortController();
			faults.next = ({ operation }) => {
				if (operation === point) stopping.abort(new Error(`stopped at ${point}`));
				return undefined;
			};
			await expect(plan({ signal: stopping.signal })).rejects.toThrow(`stopped at ${point}`);
			faults.next = () => undefined;
			await expectNothing();
		}
	});

	it("says what is left if it cannot be removed", async () => {
		faults.next = (request) => {
			if (isManifest(request)) return DENIED;
			return /Delete|Abort/.test(request.operation) ? DENIED : undefined;
		};
		const error = await plan().catch((thrown: unknown) => thrown);
		const [upload] = await bucket.uploads();
		expect(error).toMatchObject({
			code: "STORAGE_REFUSED",
			facts: { orphanedUploadId: upload?.UploadId, key: "all.zip" },
		});
		const { message } = error as Error;
		expect(message).toMatch(/^Access Denied|AccessDenied|refus/i);
		expect(message).toContain(`helper objects below s3://${bucket.name}/all.zip.zipferry-shards/`);
		expect(message).toContain(`the incomplete upload ${upload?.UploadId} of s3://${bucket.name}/all.zip`);
	});
});

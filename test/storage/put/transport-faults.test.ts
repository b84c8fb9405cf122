import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { connect } from "../../../src/s3/connection.ts";
import { putWithLibStorage } from "../../../src/storage/put/lib-storage-transport.ts";
import { putInParts } from "../../../src/storage/put/parts-transport.ts";
import type { ObjectBody } from "../../../src/storage/put/transport.ts";
import { connectSettings } from "../../support/settings.ts";
import { bodyOf, putRequest, type RequestOverrides, stallingAfter } from "./transport-contract.ts";

const PART_SIZE = 5 * 1024 * 1024;
const BUCKET = "faults";

/** Outcomes that only a server which misbehaves on request can show. */
describe.each([putInParts, putWithLibStorage])("$name on a storage that fails", (transport) => {
	let server: LocalS3;
	afterEach(() => server.close());

	/** Puts `body` while the server does what the hook says. */
	async function put(
		onRequest: FaultHook,
		body: ObjectBody = bodyOf(2 * PART_SIZE),
		more: RequestOverrides = {},
	) {
		server = await startLocalS3({ buckets: [BUCKET], onRequest });
		process.env["AWS_ACCESS_KEY_ID"] = server.accessKeyId;
		process.env["AWS_SECRET_ACCESS_KEY"] = server.secretAccessKey;
		const connection = await connect(
			connectSettings({ endpoint: server.endpoint, region: server.region }),
			BUCKET,
			3,
		);
		try {
			return await transport(connection, putRequest(BUCKET, "k", body, more));
		} finally {
			connection.close();
		}
	}
	const operations = () => server.requests.map(({ operation }) => operation);
	const refusal = { status: 403, code: "AccessDenied", message: "not you" };
	const busy = { status: 503, code: "SlowDown", message: "reduce your rate" };

	it("repeats a part that met a 500, a 503 or a reset connection", async () => {
		const result = await put(({ operation, occurrence }) => {
			if (operation !== "UploadPart") return undefined;
			if (occurrence === 1) return { status: 500, code: "InternalError", message: "sorry" };
			return occurrence === 2 ? busy : occurrence === 3 ? { destroy: true } : undefined;
		});
		expect(result).toMatchObject({ size: 2 * PART_SIZE, partCount: 2 });
	});

	it("rejects with a refused part while the body stalls, at once, and removes the upload", async () => {
		let refusedAt = 0;
		const refuse: FaultHook = ({ operation }) => {
			if (operation !== "UploadPart") return undefined;
			refusedAt ||= performance.now();
			return refusal;
		};
		await expect(put(refuse, stallingAfter(2 * PART_SIZE))).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			facts: { operation: "UploadPart", serverCode: "AccessDenied" },
		});
		expect(performance.now() - refusedAt).toBeLessThan(10_000);
		expect(operations().at(-2)).toBe("AbortMultipartUpload");
		expect(operations().at(-1)).toBe("ListParts");
	});

	it("makes no request any more when it has rejected with the reason of an abort", async () => {
		const stop = new AbortController();
		const reason = new Error("enough");
		const arrived: string[] = [];
		const hook: FaultHook = ({ operation, partNumber }) => {
			arrived.push(operation);
			if (operation !== "UploadPart" || partNumber !== 2) return undefined;
			setTimeout(() => stop.abort(reason), 50);
			return { hang: true };
		};
		const body = bodyOf(20 * PART_SIZE);
		await expect(put(hook, body, { signal: stop.signal })).rejects.toBe(reason);
		const asked = [...arrived];
		expect(asked.slice(-2)).toEqual(["AbortMultipartUpload", "ListParts"]);
		await delay(500);
		expect(arrived).toEqual(asked);
	});

	it("ends all requests under way with the first that is refused", async () => {
		let refusedAt = 0;
		const hook: FaultHook = ({ operation, partNumber }) => {
			if (operation !== "UploadPart") return undefined;
			if (partNumber !== 3) return { hang: true };
			refusedAt = performance.now();
			return refusal;
		};
		await expect(put(hook, bodyOf(4 * PART_SIZE))).rejects.toMatchObject({ code: "STORAGE_REFUSED" });
		expect(performance.now() - refusedAt).toBeLessThan(10_000);
	});

	it("reports the refused part, not the refused abort, and names the upload that stays", {
		tags: "slow",
	}, async () => {
		const refuse: FaultHook = ({ operation }) =>
			operation === "UploadPart" || operation === "AbortMultipartUpload" ? refusal : undefined;
		await expect(put(refuse)).rejects.toMatchObject({
			code: "STORAGE_REFUSED",
			message: expect.stringMatching(
				/^UploadPart .* could not be removed and still takes space; abortUploads\(\) with uploadId "\S+" removes it$/s,
			),
			facts: { operation: "UploadPart", orphanedUploadId: expect.stringMatching(/./) },
		});
	});

	it("repeats the abort until the storage no longer knows the upload", async () => {
		const hook: FaultHook = ({ operation, occurrence }) => {
			if (operation === "UploadPart") return refusal;
			return operation === "AbortMultipartUpload" && occurrence <= 2 ? refusal : undefined;
		};
		await expect(put(hook)).rejects.toMatchObject({ facts: { operation: "UploadPart" } });
		expect(operations().at(-1)).toBe("ListParts");
	});

	it("finds the object when the answer to Complete was lost", async () => {
		const result = await put(({ operation, occurrence }) =>
			operation === "CompleteMultipartUpload" && occurrence === 1 ? { loseAnswer: true } : undefined,
		);
		expect(result).toMatchObject({ size: 2 * PART_SIZE, partCount: 2 });
	});

	it("reports a Complete that was refused, and removes the upload", async () => {
		const refuse: FaultHook = ({ operation }) =>
			operation === "CompleteMultipartUpload" ? refusal : undefined;
		await expect(put(refuse)).rejects.toMatchObject({ facts: { operation: "CompleteMultipartUpload" } });
		expect(operations()).toContain("AbortMultipartUpload");
	});

	it("takes an error under 200 OK from Complete for what it is, and asks again", async () => {
		const hook: FaultHook = ({ operation, occurrence }) =>
			operation === "CompleteMultipartUpload" && occurrence === 1
				? { status: 200, code: "InternalError", message: "sorry" }
				: undefined;
		expect(await put(hook)).toMatchObject({ size: 2 * PART_SIZE });
		expect(operations().filter((operation) => operation === "CompleteMultipartUpload")).toHaveLength(2);
	});

	it("says so when the storage cannot confirm the object", async () => {
		const refuse: FaultHook = ({ operation }) => (operation === "HeadObject" ? refusal : undefined);
		await expect(put(refuse)).rejects.toMatchObject({ facts: { operation: "HeadObject" } });
	});

	it("refuses a create without permission before it sends a part", async () => {
		const refuse: FaultHook = ({ operation }) =>
			operation === "CreateMultipartUpload" ? refusal : undefined;
		await expect(put(refuse)).rejects.toMatchObject({ facts: { operation: "CreateMultipartUpload" } });
		expect(operations()).not.toContain("UploadPart");
	});
});

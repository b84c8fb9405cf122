import { getEventListeners } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import { examine } from "../../src/doctor/examine.ts";
import { abortUploads, listUploads, planUpload, type UploadZipOptions, uploadZip } from "../../src/index.ts";
import { collect, noise } from "../support/bytes.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";
import { Gate, settled } from "../support/gate.ts";
import { forwardTo, startPlainServer } from "../support/plain-server.ts";

const MiB = 1024 * 1024;
const SOURCE = { name: "a.txt", content: "alpha" };

let demo: DemoServer;
const given = { ...process.env };
beforeAll(async () => {
	demo = await DemoServer.start();
	Object.assign(process.env, demo.env);
});
afterAll(async () => {
	process.env = given;
	await demo?.close();
});

const warnings: Error[] = [];
const onWarning = (warning: Error) => warnings.push(warning);
beforeEach(() => {
	warnings.length = 0;
	process.on("warning", onWarning);
});
afterEach(() => process.off("warning", onWarning));

/** What a long-lived service does again and again under the one signal that ends it. */
const CALLS: Readonly<Record<string, (signal: AbortSignal, index: number) => Promise<unknown>>> = {
	uploadZip: (signal, index) => uploadZip(SOURCE, { bucket: BUCKET, key: `${index}.zip`, signal }),
	planUpload: (signal) => planUpload([SOURCE], { bucket: BUCKET, key: "k", signal }),
	listUploads: (signal) => listUploads({ bucket: BUCKET, signal }),
	abortUploads: (signal) => abortUploads({ bucket: BUCKET, signal }),
	createZip: (signal) => createZip(SOURCE, async (chunks) => void (await collect(chunks)), { signal }),
	ZipStream: (signal) => collect(new ZipStream({ signal }).add("a.txt", "alpha")),
	"ZipStream.predictSize": (signal) => new ZipStream({ signal }).addEntries([SOURCE]).predictSize(),
	"a ZipStream that is given up": async (signal) => {
		for await (const _ of new ZipStream({ signal, method: "store" }).add("a", noise(3 * MiB))) break;
	},
	"an upload that fails": async (signal, index) => {
		const options = { bucket: "nowhere", key: `${index}.zip`, signal };
		await expect(uploadZip(SOURCE, options)).rejects.toMatchObject({ code: "NO_SUCH_BUCKET" });
	},
};

describe("one signal given to 20 calls at a time", () => {
	it.each(Object.entries(CALLS))("warns of no leak, and is let go of: %s", async (_name, call) => {
		const { signal } = new AbortController();
		let most = 0;
		const calls = Promise.all(Array.from({ length: 20 }, (_, index) => call(signal, index)));
		const watch = setInterval(() => {
			most = Math.max(most, getEventListeners(signal, "abort").length);
		}, 1);
		await calls.finally(() => clearInterval(watch));
		await settled();
		expect(warnings).toEqual([]);
		expect(most).toBeLessThanOrEqual(1);
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("is let go of by doctor, whose requests go one after the other", async () => {
		const { signal } = new AbortController();
		for await (const { final } of examine({ bucket: BUCKET, prefix: "", signal })) {
			expect(final).toBeUndefined();
			expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
		}
		await settled();
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("is let go of by a thousand archives, one after the other", async () => {
		const { signal } = new AbortController();
		for (let index = 0; index < 1000; index++)
			await collect(new ZipStream({ signal, method: "store" }).add("a.txt", "alpha"));
		await settled();
		expect(getEventListeners(signal, "abort")).toEqual([]);
	});

	it("ends all of them with its reason", async () => {
		const controller = new AbortController();
		const reason = new Error("enough");
		const stalled = new Gate<string>();
		const uploads = Array.from({ length: 20 }, (_, index) =>
			uploadZip(
				{ name: "a", content: () => stalled.passed },
				{ bucket: BUCKET, key: `${index}.zip`, signal: controller.signal },
			),
		);
		const ended = Promise.allSettled(uploads);
		setTimeout(() => controller.abort(reason), 200);
		for (const outcome of await ended) expect(outcome).toEqual({ status: "rejected", reason });
		expect(warnings).toEqual([]);
	});
});

describe("an upload with many requests under way", () => {
	it("warns of no leak", async () => {
		const together = new Gate();
		let underWay = 0;
		const forward = forwardTo(demo.s3.endpoint);
		const server = await startPlainServer((request, response) => {
			if (!request.url?.includes("partNumber=")) return forward(request, response);
			underWay += 1;
			if (underWay === 12) together.open();
			void together.passed.then(() => forward(request, response));
		});
		try {
			const options: UploadZipOptions = {
				...{ bucket: BUCKET, key: "large.zip", endpoint: server.url, region: "us-east-1" },
				...{ partSize: 5 * MiB, concurrency: 12, method: "store" },
			};
			const { partCount } = await uploadZip({ name: "a", content: noise(61 * MiB) }, options);
			expect(partCount).toBe(13);
			await settled();
			expect(warnings).toEqual([]);
		} finally {
			await server.close();
		}
	});
});

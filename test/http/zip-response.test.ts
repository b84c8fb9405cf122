import { describe, expect, it } from "vitest";
import { zipResponse } from "../../src/http/zip-response.ts";
import { noise } from "../support/bytes.ts";
import { Gate, settled } from "../support/gate.ts";
import { zipContents } from "../support/zip-contents.ts";
import { BROKEN, failingEntry } from "./support/failing-entries.ts";

const URL = "http://127.0.0.1/a.zip";
const MTIME = "2026-01-31T12:00:00Z";
const ENTRIES = [
	{ name: "a.txt", content: "hello", mtime: MTIME },
	{ name: "b.bin", content: noise(3_000_000), mtime: MTIME },
];

/** An entry that goes on for ever, and tells what happens to it. */
function endless() {
	const closed = new Gate();
	const state = { given: 0, closed };
	const content = async () =>
		(async function* () {
			try {
				for (;;) {
					state.given += 1;
					yield noise(1 << 20);
				}
			} finally {
				closed.open();
			}
		})();
	return { state, entry: { name: "endless", content, mtime: MTIME } };
}

describe("zipResponse", () => {
	it("is a response with the archive and its exact size", async () => {
		const response = await zipResponse([ENTRIES], { filename: "a.zip", request: new Request(URL) });
		expect(response.status).toBe(200);
		const bytes = Buffer.from(await response.arrayBuffer());
		expect(response.headers.get("content-length")).toBe(`${bytes.byteLength}`);
		expect([...(await zipContents(bytes)).keys()]).toEqual(["a.txt", "b.bin"]);
	});

	it("offers no ranges if it is not told the request", async () => {
		const response = await zipResponse([ENTRIES], { filename: "a.zip" });
		expect(response.headers.get("accept-ranges")).toBe("none");
		expect((await zipContents(Buffer.from(await response.arrayBuffer()))).size).toBe(2);
	});

	it("has no body for HEAD, and opens nothing", async () => {
		const { state, entry } = endless();
		const request = new Request(URL, { method: "HEAD" });
		const response = await zipResponse(entry, { filename: "a.zip", request });
		expect(response.status).toBe(200);
		expect(response.body).toBeNull();
		expect(response.headers.get("content-type")).toBe("application/zip");
		expect(state.given).toBe(0);
	});

	it("opens nothing before the body is read, and no more than is read", async () => {
		const { state, entry } = endless();
		const response = await zipResponse(entry, {
			filename: "a.zip",
			request: new Request(URL),
			method: "store",
		});
		await settled();
		expect(state.given).toBe(0);
		const reader = response.body?.getReader();
		await reader?.read();
		await settled();
		expect(state.given).toBeGreaterThan(0);
		expect(state.given).toBeLessThan(64);
		await reader?.cancel();
		await state.closed.passed;
	});

	it("closes the sources when the request is aborted, whether somebody reads or not", async () => {
		const { state, entry } = endless();
		const controller = new AbortController();
		const request = new Request(URL, { signal: controller.signal });
		const errors: unknown[] = [];
		const onError = (error: unknown) => errors.push(error);
		const response = await zipResponse(entry, { filename: "a.zip", request, method: "store", onError });
		const reader = response.body?.getReader();
		await reader?.read();
		const reason = new Error("gone");
		controller.abort(reason);
		await state.closed.passed;
		await expect(reader?.read()).rejects.toBe(reason);
		expect(errors).toEqual([]);
	});

	it("rejects for what shows before the first byte", async () => {
		const aborted = new Request(URL, { signal: AbortSignal.abort(BROKEN) });
		const options = { filename: "a.zip" };
		await expect(zipResponse("/nowhere", options)).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
		await expect(zipResponse([], options)).rejects.toMatchObject({ code: "SOURCE_EMPTY" });
		await expect(zipResponse([ENTRIES], { ...options, request: aborted })).rejects.toBe(BROKEN);
		await expect(zipResponse([ENTRIES], { filename: "" })).rejects.toMatchObject({ option: "filename" });
		const typo = { ...options, fileName: "a.zip" };
		await expect(zipResponse([ENTRIES], typo)).rejects.toMatchObject({ option: "fileName" });
	});

	it("fails for whoever reads it when a source fails midway, and tells onError", async () => {
		const errors: unknown[] = [];
		const response = await zipResponse(failingEntry(undefined, 4 << 20), {
			filename: "a.zip",
			request: new Request(URL),
			onError: (error) => errors.push(error),
		});
		expect(response.status).toBe(200);
		await expect(response.arrayBuffer()).rejects.toBe(BROKEN);
		expect(errors).toEqual([BROKEN]);
	});

	it("goes through a list of paths that can be read only once", async () => {
		const paths = [import.meta.filename][Symbol.iterator]();
		const response = await zipResponse({ paths }, { filename: "a.zip", request: new Request(URL) });
		expect((await zipContents(Buffer.from(await response.arrayBuffer()))).size).toBe(1);
	});
});

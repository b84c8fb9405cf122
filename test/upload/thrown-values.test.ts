import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SourceError, uploadZip } from "../../src/index.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";

let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
	Object.assign(process.env, server.env);
});
afterAll(() => server?.close());

describe.each(["parts", "lib-storage"] as const)("uploadZip with the transport %s", (transport) => {
	it.each([undefined, null, "text"])(
		"names the content that throws %o, and leaves nothing",
		async (value) => {
			async function* content() {
				for (let index = 0; index < 12; index += 1) yield new Uint8Array(1024 * 1024).fill(index);
				throw value;
			}
			const options = { bucket: BUCKET, key: "a.zip", partSize: 5 * 1024 * 1024, method: "store" } as const;
			const failure: unknown = await uploadZip({ name: "a.bin", content }, { ...options, transport }).catch(
				(error: unknown) => error,
			);
			expect(failure).toBeInstanceOf(SourceError);
			expect(failure).toMatchObject({ code: "SOURCE_UNREADABLE", origin: '"a.bin"' });
			expect(await server.incompleteUploads()).toEqual([]);
			expect(await server.keys()).toEqual([]);
		},
	);
});

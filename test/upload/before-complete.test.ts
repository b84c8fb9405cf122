import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uploadZip } from "../../src/index.ts";
import { BUCKET, DemoServer } from "../support/demo-server.ts";

let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
	Object.assign(process.env, server.env);
});
afterAll(() => server?.close());

const MiB = 1024 * 1024;

describe.each([
	["parts", "one request", 1],
	["parts", "parts", 12],
	["lib-storage", "one request", 1],
	["lib-storage", "parts", 12],
] as const)("beforeComplete of uploadZip, transport %s, in %s", (transport, how, size) => {
	const key = `${transport}-${how}.zip`;
	const source = { name: "a.bin", content: Buffer.alloc(size * MiB, "a") };
	const options = { bucket: BUCKET, key, partSize: 5 * MiB, method: "store", transport } as const;

	it("is called once, when no other request follows but the one that publishes", async () => {
		const asked = () => server.s3.requests.map(({ operation }) => operation);
		const before: number[] = [];
		const beforeComplete = async () => {
			expect(await server.keys()).not.toContain(key);
			before.push(asked().length);
		};
		await uploadZip(source, { ...options, beforeComplete });
		expect(before.length).toBe(1);
		const next = asked()
			.slice(before[0])
			.find((operation) => /Put|Complete|Upload/.test(operation));
		expect(next).toBe(size === 1 ? "PutObject" : "CompleteMultipartUpload");
		expect(await server.keys()).toContain(key);
	});

	it.each([undefined, null, "text"])(
		"publishes nothing if %o is thrown, which becomes an error",
		async (thrown) => {
			const gone = `${thrown}-${key}`;
			const beforeComplete = () => {
				throw thrown;
			};
			const upload = uploadZip(source, { ...options, key: gone, beforeComplete });
			await expect(upload).rejects.toThrow(/^beforeComplete threw .* instead of an error$/);
			expect(await server.keys()).not.toContain(gone);
			expect(await server.incompleteUploads()).toEqual([]);
		},
	);
});

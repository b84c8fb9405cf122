import { describe, expect, it } from "vitest";
import { openOutput } from "../../../src/cli/output/output-file.ts";
import type { Io } from "../../../src/cli/terminal/io.ts";
import { Interrupted } from "../../../src/cli/terminal/signals.ts";

async function* oneChunk() {
	yield Buffer.from("PK");
}

describe("an archive to stdout", () => {
	it("stays a stop where the reader of the pipe has heard of it first", async () => {
		const controller = new AbortController();
		const sink = {
			async write() {
				setImmediate(() => controller.abort(new Interrupted("SIGINT")));
				throw Object.assign(new Error("write EPIPE"), { code: "EPIPE", syscall: "write" });
			},
			async end() {},
		};
		const io = { signal: controller.signal, stdout: { sink } } as unknown as Io; // only these are used
		const output = await openOutput("-", false, io);
		await expect(output.write(oneChunk())).rejects.toThrow(
			"stopped by SIGINT; an incomplete archive was written to stdout",
		);
	});
});

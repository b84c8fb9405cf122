import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { writeLine } from "../../../src/cli/terminal/io.ts";

it("writes one line, whatever the text has in it", () => {
	const stream = new PassThrough();
	writeLine(stream as unknown as NodeJS.WriteStream, "a\nzipferry: done\r\u001b[2J\u009b\u202e\u2028b");
	expect(String(stream.read())).toBe("a\\x0azipferry: done\\x0d\\x1b[2J\\x9b\\u{202e}\\u{2028}b\n");
});

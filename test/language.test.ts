import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const SOURCES = new URL("../src/", import.meta.url).pathname;

const CSS = /var\(--\w[\w-]*\)|--\w[\w-]*: #[0-9a-f]+;/g;

describe("the library", () => {
	it("speaks of no flag and of no command of a shell", async () => {
		const files = (await readdir(SOURCES, { recursive: true })).filter(
			(file) => file.endsWith(".ts") && !file.startsWith(`cli${"/"}`),
		);
		expect(files.length).toBeGreaterThan(80);
		const found: string[] = [];
		for (const file of files) {
			const lines = (await readFile(join(SOURCES, file), "utf8")).split("\n");
			// Properties of CSS look like flags.
			for (const [index, line] of lines.entries())
				if (/(^|[^\w-])--[a-z]|\bzipferry (upload|create|doctor)|\baws s3/.test(line.replace(CSS, "")))
					found.push(`${file}:${index + 1}: ${line.trim()}`);
		}
		expect(found).toEqual([]);
	});
});

import { describe, expect, it } from "vitest";
import { Stdout } from "../../../src/cli/output/stdout.ts";

async function printed(value: unknown): Promise<string> {
	const chunks: Uint8Array[] = [];
	const sink = {
		async write(chunk: Uint8Array) {
			chunks.push(chunk);
		},
	};
	await new Stdout(sink as Stdout["sink"], false, new AbortController().signal).printJson(value);
	return Buffer.concat(chunks).toString();
}

describe("JSON on stdout", () => {
	it("has nothing in it that a terminal acts on or that ends a line, and is the same value", async () => {
		const names = ["\u001b[2J", "\u007f\u0085\u009b31m", "\u202egpj.exe", "\u2028\u2029", "\u{e0041}\ufeff"];
		const value = { [names.join()]: names };
		const text = await printed(value);
		expect(text.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
		expect(JSON.parse(text)).toEqual(value);
	});

	it("keeps letters of every language, and emoji", async () => {
		expect(await printed("Prüfung 日本 🎉")).toBe('"Prüfung 日本 🎉"\n');
	});
});

import { describe, expect, it } from "vitest";
import { templateOf } from "../../../../src/cli/commands/archives/given-template.ts";
import { messageInCommands } from "../../../../src/cli/terminal/command-words.ts";

const NOTHING = { name: undefined, host: undefined, "time-zone": undefined };

function refusal(text: string, values: Partial<Record<keyof typeof NOTHING, string>> = {}): string {
	try {
		templateOf(text, { ...NOTHING, ...values });
	} catch (error) {
		return messageInCommands(error);
	}
	throw new Error(`${text} was taken`);
}

describe("a template that was typed", () => {
	it("gets its name, host and time zone from options", () => {
		const values = { name: "photos", host: "web-1", "time-zone": "Europe/Berlin" };
		const template = templateOf("s3://bkt/{host}/{name}/%F.zip", values);
		expect(template).toMatchObject({ prefix: "web-1/photos/", timeZone: "Europe/Berlin" });
	});

	it("says which option is missing or wrong", () => {
		expect(refusal("s3://bkt/{name}/%F.zip")).toBe(
			'the template "s3://bkt/{name}/%F.zip" has {name}, but no name was given; use --name, such as photos',
		);
		expect(refusal("s3://bkt/{name}/%F.zip", { name: "a/b" })).toMatch(/^--name must be .*, not "a\/b"$/);
		expect(refusal("s3://bkt/%F.zip", { "time-zone": "Berlin" })).toMatch(
			/^--time-zone must be .*, not "Berlin"$/,
		);
		expect(refusal("s3://bkt/%F-%H.zip", { "time-zone": "Europe/Berlin" })).toMatch(/; use --time-zone UTC$/);
	});
});

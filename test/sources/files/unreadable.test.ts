import { chmod } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { noise } from "../../support/bytes.ts";
import { zipInChild } from "../../support/child.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

// Root may read everything, so these run in a process that gives its rights up.
describe("sources without permission", () => {
	async function tree(): Promise<void> {
		await chmod(temp.path(), 0o755);
		await temp.write({ "tree/open": "x", "tree/secret": "x", "tree/secrets/inside": "x" });
		await chmod(temp.path("tree/secret"), 0);
		await chmod(temp.path("tree/secrets"), 0);
	}

	it("fails with the path of what it may not read", async () => {
		await tree();
		const { error } = await zipInChild({ paths: [temp.path("tree")], asNobody: true });
		expect(error).toEqual({
			name: "SourceError",
			code: "SOURCE_UNREADABLE",
			message: expect.stringMatching(/^cannot read .*\/tree\/secrets?: permission denied$/),
		});
	});

	it("leaves it out with a notice, if it may, and never silently", async () => {
		await tree();
		const task = { paths: [temp.path("tree")], asNobody: true, skipErrors: true };
		const { names, events } = await zipInChild(task);
		expect(names).toEqual(["tree/", "tree/open", "tree/secrets/"]);
		const skipped = events.flatMap((event) => (event.type === "skipped" ? [event] : []));
		expect(skipped).toEqual(
			expect.arrayContaining([
				{ type: "skipped", origin: temp.path("tree/secret"), reason: "permission denied" },
				{
					type: "skipped",
					origin: temp.path("tree/secrets"),
					reason: "permission denied",
					contentsOnly: true,
				},
			]),
		);
		expect(skipped).toHaveLength(2);
	});

	it("says that a directory is in the archive, and its contents are not", async () => {
		await tree();
		const task = { paths: [temp.path("tree")], asNobody: true, skipErrors: true };
		const { events } = await zipInChild(task);
		const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
		expect(warnings.sort()).toEqual([
			`left out ${temp.path("tree/secret")}: permission denied`,
			`left out what is in the directory ${temp.path("tree/secrets")}: permission denied; the directory itself is in the archive`,
		]);
	});

	it("fails for a source that it may not reach, whatever it may leave out", async () => {
		await tree();
		const path = temp.path("tree/secrets/inside");
		const { error } = await zipInChild({ paths: [path], asNobody: true, skipErrors: true });
		expect(error).toMatchObject({ code: "SOURCE_UNREADABLE", message: `source ${path}: permission denied` });
	});
});

describe("sources without file descriptors to spare", () => {
	// A file is opened through its directory, which takes two.
	it.each([2, 3])("waits for some of %d", async (freeDescriptors) => {
		const content: Record<string, Uint8Array> = {};
		for (let index = 0; index < 30; index++) {
			content[`tree/${index % 5}/${index}`] = noise(index % 3 === 0 ? 1_200_000 : 100, index);
		}
		await temp.write(content);
		const { names, error } = await zipInChild({ paths: [temp.path("tree")], freeDescriptors });
		expect(error).toBeUndefined();
		expect(names.length).toBe(1 + 5 + 30);
	});
});

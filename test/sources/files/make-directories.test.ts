import { existsSync } from "node:fs";
import { stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeDirectories } from "../../../src/sources/files/make-directories.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

describe("makeDirectories", () => {
	it("makes what is missing, and tells the topmost that it made", async () => {
		const top = temp.path("a");
		expect(await makeDirectories(join(top, "b/c"), 0o700)).toBe(top);
		for (const made of ["a", "a/b", "a/b/c"]) expect((await stat(temp.path(made))).mode & 0o777).toBe(0o700);
		expect(await makeDirectories(join(top, "b/c/"))).toBeUndefined();
	});

	it("takes a link to a directory for one", async () => {
		await symlink(temp.path(), temp.path("link"));
		expect(await makeDirectories(temp.path("link"))).toBeUndefined();
	});

	it("tells none of them that it made what another call has made meanwhile", async () => {
		const path = temp.path("d/e/f");
		const made = await Promise.all([1, 2, 3, 4].map(() => makeDirectories(path)));
		expect(existsSync(path)).toBe(true);
		expect(made.filter((first) => first === temp.path("d"))).toHaveLength(1);
	});

	it("fails where a file is in the way", async () => {
		const file = temp.path("file");
		await writeFile(file, "");
		await expect(makeDirectories(file)).rejects.toMatchObject({ code: "EEXIST" });
		await expect(makeDirectories(join(file, "x/y"))).rejects.toMatchObject({ code: "ENOTDIR" });
	});

	it.runIf(existsSync("/proc/self"))(
		"ends where the system makes no directories and says that they are missing",
		async () => {
			await expect(makeDirectories("/proc/none/x")).rejects.toMatchObject({ code: "ENOENT" });
		},
	);
});

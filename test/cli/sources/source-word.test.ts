import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readSourceWord } from "../../../src/cli/sources/source-word.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const temp = useTempDirectory();

describe("a source on the command line", () => {
	it.each([
		["photos", { path: "photos" }],
		["2026=photos", { as: "2026", path: "photos" }],
		["2026/jan=a=b", { as: "2026/jan", path: "a=b" }],
		["=photos", { as: "", path: "photos" }],
		["name=", { as: "name", path: "" }],
		["./a=-", { path: "./a=-" }],
		["/srv/a=b", { path: "/srv/a=b" }],
		["/x=src", { path: "/x=src" }],
		["x/=dir", { as: "x/", path: "dir" }],
		["./-", { path: "./-" }],
	])("%s is a path, with a name or without", async (word, source) => {
		expect(await readSourceWord(word)).toEqual(source);
	});

	it.each([
		["s3://my-bucket/photos/", { url: "s3://my-bucket/photos/" }],
		["S3://my-bucket", { url: "S3://my-bucket" }],
		["2026=s3://my-bucket/photos/", { as: "2026", url: "s3://my-bucket/photos/" }],
		["=s3://my-bucket/photos/", { as: "", url: "s3://my-bucket/photos/" }],
		["s3://my-bucket/day=1/", { url: "s3://my-bucket/day=1/" }],
		["x=s3://my-bucket/day=1/", { as: "x", url: "s3://my-bucket/day=1/" }],
		["https://host/x?a=b", { url: "https://host/x?a=b" }],
		["a.json=https://host/x?a=b", { as: "a.json", url: "https://host/x?a=b" }],
		["HTTP://host/x", { url: "HTTP://host/x" }],
		["https://host/#!/page", { url: "https://host/#!/page" }],
		["s3://my-bucket/wow!", { url: "s3://my-bucket/wow!" }],
	])("%s is an address, with a name or without", async (word, source) => {
		expect(await readSourceWord(word)).toEqual(source);
	});

	it.each([
		["s3://my-bucket/a.zip!/docs/", { archive: "s3://my-bucket/a.zip", entry: "docs/" }],
		["s3://my-bucket/a.zip!/", { archive: "s3://my-bucket/a.zip" }],
		["https://host/a.zip?sig=x!/b=c", { archive: "https://host/a.zip?sig=x", entry: "b=c" }],
		["x=s3://my-bucket/a.zip!/b", { as: "x", archive: "s3://my-bucket/a.zip", entry: "b" }],
		["gone.zip!/a.txt", { archive: "gone.zip", entry: "a.txt" }],
		["gone.zip!/day=1", { archive: "gone.zip", entry: "day=1" }],
		["./gone.zip!/", { archive: "./gone.zip" }],
		["x=gone.zip!/day=1", { as: "x", archive: "gone.zip", entry: "day=1" }],
		["a.zip!/b!/c", { archive: "a.zip", entry: "b!/c" }],
	])("%s is an entry of an archive, or all of them", async (word, source) => {
		expect(await readSourceWord(word)).toEqual(source);
	});

	it("is a path if what is in front of !/ is no archive", async () => {
		await temp.write({ "d/a.zip": "", "d/b.zip!/c": "", "d/wow!/c": "", "d/wow!/e.zip": "", "d/dir/x": "" });
		const path = (name: string) => temp.path(`d/${name}`);
		for (const word of ["b.zip!/c", "b.zip!/", "wow!/c", "wow!/gone", "dir!/x"])
			expect(await readSourceWord(path(word))).toEqual({ path: path(word) });
		for (const archive of ["a.zip", "wow!/e.zip"])
			expect(await readSourceWord(path(`${archive}!/x`))).toEqual({ archive: path(archive), entry: "x" });
	});

	it.each(["../x=dir", "..=dir", "a/../b=dir", "a//b=dir", "C:/x=dir", "a\0b=dir", "../x=s3://b/"])(
		"may not have a name that no archive should carry: %j",
		async (word) => {
			await expect(readSourceWord(word)).rejects.toMatchObject({ code: "INVALID_ENTRY_NAME" });
		},
	);

	it("is a path if it exists as it stands", async () => {
		await temp.write({ "d/db.sql=-": "", "d/x=y": "" });
		const before = process.cwd();
		process.chdir(temp.path("d"));
		try {
			expect(await readSourceWord("db.sql=-")).toEqual({ path: "db.sql=-" });
			expect(await readSourceWord("x=y")).toEqual({ path: "x=y" });
		} finally {
			process.chdir(before);
		}
	});

	it.each(["db.sql=-", "db.sql=/dev/stdin", "db.sql=/dev/fd/0", "db.sql=/proc/self/fd/0"])(
		"%s is stdin under a name",
		async (word) => {
			expect(await readSourceWord(word)).toMatchObject({ name: "db.sql", pipe: { shown: "stdin" } });
		},
	);

	it("is a FIFO, named like a file", async () => {
		execFileSync("mkfifo", [temp.path("dump.sql")]);
		const pipe = expect.objectContaining({ path: temp.path("dump.sql") });
		expect(await readSourceWord(temp.path("dump.sql"))).toEqual({ name: "dump.sql", pipe });
		expect(await readSourceWord(`db/x.sql=${temp.path("dump.sql")}`)).toEqual({ name: "db/x.sql", pipe });
	});

	it.each([
		["-", "data from stdin needs a name, as in dump.sql=-; ./- is a file of this name"],
		["/dev/stdin", "data from stdin needs a name, as in dump.sql=/dev/stdin"],
		["=-", "data from stdin needs a name, as in dump.sql=-"],
		["dumps/=-", '"dumps/" names a directory, and stdin gives data for a file'],
	])("is refused without a name for its data: %s", async (word, message) => {
		await expect(readSourceWord(word)).rejects.toMatchObject({ code: "INVALID_OPTION", message });
	});
});

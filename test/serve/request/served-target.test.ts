import { describe, expect, it } from "vitest";
import { encodeName, readTarget } from "../../../src/serve/request/served-target.ts";

const bytes = (text: string) => Buffer.from(text).toString("latin1");

describe("readTarget", () => {
	it.each([
		["/", { path: [], isFolder: true, zip: false }],
		["/a/b.txt", { path: ["a", "b.txt"], isFolder: false, zip: false }],
		["/a/?zip", { path: ["a"], isFolder: true, zip: true, version: undefined }],
		["/?zip=0123ab", { path: [], isFolder: true, zip: true, version: "0123ab" }],
		["/%C3%BC%20%F0%9F%8F%96", { path: [bytes("ü 🏖")] }],
		["/%25%23%3F%0A%22%3Cscript%3E", { path: ['%#?\n"<script>'] }],
		["/%FF", { path: ["\xff"] }],
		["/...", { path: ["..."] }],
		["/a?x=/../b", { path: ["a"], zip: false }],
	])("reads %s", (target, wanted) => {
		expect(readTarget(target)).toMatchObject(wanted);
	});

	it.each([
		...["/..", "/../etc/passwd", "/a/../../etc", "/./a", "/a/./b", "/a/..", "/a/../"],
		...["/%2e%2e/etc", "/%2E%2e", "/.%2e/etc", "/%2e/a", "/a/%2e%2e/"],
		...["//etc/passwd", "/a//b", "//", "/a//"],
		...["/..%2fetc", "/a%2Fb", "/%2fetc%2fpasswd", "/a%00", "/%00", "/a%00.txt"],
	])("lets %s name nothing", (target) => {
		expect(readTarget(target)).toBe(404);
	});

	it("decodes once: what is escaped twice is a name that begins with a percent sign", () => {
		expect(readTarget("/%252e%252e/%252f")).toMatchObject({ path: ["%2e%2e", "%2f"] });
	});

	it.skipIf(process.platform === "win32")("takes a backslash for a character of a name", () => {
		expect(readTarget("/..%5c..%5cetc")).toMatchObject({ path: ["..\\..\\etc"] });
	});

	it.each(["", "etc", "*", "http://evil.example/a", "/%", "/%2", "/%zz", "/ü", "/a\tb"])(
		"calls %s malformed",
		(target) => {
			expect(readTarget(target)).toBe(400);
		},
	);

	it("reads what encodeName writes", () => {
		const all = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1)).join("");
		const name = all.replace("/", "");
		expect(readTarget(`/${encodeName(name)}`)).toMatchObject({ path: [name] });
		expect(encodeName(name)).toMatch(/^[\w.~%-]+$/);
	});
});

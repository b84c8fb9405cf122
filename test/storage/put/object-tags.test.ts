import { describe, expect, it } from "vitest";
import { PROVIDER_NAMES, providerByName } from "../../../src/s3/providers.ts";
import { encodeTags, lacksTags } from "../../../src/storage/put/object-tags.ts";
import { planUpload } from "../../../src/upload/plan-upload.ts";

const SOURCE = { name: "a", content: "x" };
const OPTIONS = { bucket: "my-bucket", key: "a.zip", region: "eu-central-1", account: "4f2a" };

function plan(tags: Readonly<Record<string, string>>, provider: (typeof PROVIDER_NAMES)[number] = "aws") {
	const endpoint = ["minio", "ceph", "generic"].includes(provider)
		? { endpoint: "https://s3.example.com" }
		: {};
	return planUpload(SOURCE, { ...OPTIONS, ...endpoint, provider, tags });
}

describe("the tags of an object", () => {
	it.each([
		[{}],
		[{ team: "" }],
		[{ "a b_.:/=+-@": "1 _.:/=+-@", ключ: "значение", 鍵: "値" }],
		[{ ["k".repeat(128)]: "v".repeat(256) }],
		[Object.fromEntries([..."0123456789"].map((name) => [name, ""]))],
	])("may be %j", async (tags) => {
		await expect(plan(tags)).resolves.toMatchObject({ entryCount: 1 });
	});

	it.each([
		[Object.fromEntries([..."0123456789a"].map((name) => [name, ""])), "must be at most 10, not 11"],
		[{ "": "x" }, "must have keys of 1 to 128 characters"],
		[{ ["k".repeat(129)]: "" }, "must have keys of 1 to 128 characters"],
		[{ k: "v".repeat(257) }, "must have values of at most 256 characters"],
		[{ "a,b": "" }, 'may have letters, digits, spaces and _ . : / = + - @ only, and "a,b" has others'],
		[{ k: "a&b" }, "may have letters"],
		[{ k: "a\nb" }, "may have letters"],
		[{ "aws:x": "" }, 'must not begin with "aws:"'],
	])("are refused before anything is sent: %j", async (tags, rule) => {
		await expect(plan(tags)).rejects.toMatchObject({
			code: "INVALID_OPTION",
			option: "tags",
			message: expect.stringContaining(`tags ${rule}`),
		});
	});

	it("are refused for a storage that has none, which is named", async () => {
		const refusing: string[] = [];
		for (const provider of PROVIDER_NAMES)
			await plan({ k: "v" }, provider).catch((error: Error) => refusing.push(error.message));
		expect(refusing).toEqual([
			"tags cannot be stored: the provider r2 has none",
			"tags cannot be stored: the provider b2 has none",
		]);
		await expect(plan({}, "r2")).resolves.toBeDefined();
	});

	it.each([
		["ceph", undefined, true],
		["ceph", 1, true],
		["ceph", 2, false],
		["aws", undefined, false], // which keeps them, and may not show them to whoever may write only
	] as const)("are missed where %s shows %s of two: %s", (provider, shown, missed) => {
		expect(lacksTags({ tags: { a: "1", b: "2" } }, providerByName(provider), shown)).toBe(missed);
		expect(lacksTags({}, providerByName(provider), shown)).toBe(false);
	});

	it("are encoded for a header", () => {
		expect(encodeTags({ a: "b c+d", "ü/=": "" })).toBe("a=b%20c%2Bd&%C3%BC%2F%3D=");
	});
});

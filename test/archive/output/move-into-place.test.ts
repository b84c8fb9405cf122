import * as files from "node:fs/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createZip } from "../../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../../src/archive/options.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";

vi.mock("node:fs/promises", async (original) => {
	const real = await original<typeof files>();
	return { ...real, link: vi.fn(real.link) };
});

const directory = useTempDirectory();
afterEach(() => void vi.mocked(files.link).mockClear());

/** An archive whose content does something while it is being read. */
function create(options: CreateZipOptions, meanwhile: () => Promise<unknown> = async () => {}) {
	const content = async function* () {
		await meanwhile();
		yield Buffer.from("new");
	};
	return createZip({ name: "a.txt", content }, directory.path("a.zip"), options);
}

const read = () => files.readFile(directory.path("a.zip"));
const names = () => files.readdir(directory.path());
const appear = () => directory.write({ "a.zip": "of somebody else" });
const EXISTS = { code: "DESTINATION_EXISTS", message: expect.stringMatching(/a\.zip exists already/) };

function failing(code: string): Error {
	return Object.assign(new Error(`${code}: no links here`), { code });
}

describe("createZip with noClobber", () => {
	it("writes a file that is not there, and leaves no draft", async () => {
		await create({ noClobber: true });
		expect(await zipNames(await read())).toEqual(["a.txt"]);
		expect(await names()).toEqual(["a.zip"]);
		expect((await files.stat(directory.path("a.zip"))).nlink).toBe(1);
	});

	it("leaves a file as it is, and reads nothing", async () => {
		await appear();
		const meanwhile = vi.fn(async () => {});
		await expect(create({ noClobber: true }, meanwhile)).rejects.toMatchObject(EXISTS);
		expect(meanwhile).not.toHaveBeenCalled();
		expect((await read()).toString()).toBe("of somebody else");
	});

	it("leaves a file as it is that appears while the archive is made", async () => {
		await expect(create({ noClobber: true }, appear)).rejects.toMatchObject(EXISTS);
		expect((await read()).toString()).toBe("of somebody else");
		expect(await names()).toEqual(["a.zip"]);
	});

	it("leaves a link as it is that appears while the archive is made", async () => {
		const link = () => directory.write({ "a.zip": { link: "elsewhere" } });
		await expect(create({ noClobber: true }, link)).rejects.toMatchObject(EXISTS);
		expect(await files.readlink(directory.path("a.zip"))).toBe("elsewhere");
		expect(await names()).toEqual(["a.zip"]);
	});

	it("takes the word of a server of NFS for what it is: the link is there, and is ours", async () => {
		vi.mocked(files.link).mockImplementationOnce(async (from, to) => {
			const { link } = await vi.importActual<typeof files>("node:fs/promises");
			await link(from, to);
			throw failing("EEXIST");
		});
		await create({ noClobber: true });
		expect(await zipNames(await read())).toEqual(["a.txt"]);
		expect(await names()).toEqual(["a.zip"]);
	});

	describe("on a file system without hard links", () => {
		it("writes a file that is not there, and leaves no draft", async () => {
			vi.mocked(files.link).mockRejectedValueOnce(failing("EPERM"));
			await create({ noClobber: true });
			expect(files.link).toHaveBeenCalledOnce();
			expect(await zipNames(await read())).toEqual(["a.txt"]);
			expect(await names()).toEqual(["a.zip"]);
		});

		it("leaves a file as it is that appears while the archive is made", async () => {
			vi.mocked(files.link).mockRejectedValueOnce(failing("EPERM"));
			await expect(create({ noClobber: true }, appear)).rejects.toMatchObject(EXISTS);
			expect((await read()).toString()).toBe("of somebody else");
			expect(await names()).toEqual(["a.zip"]);
		});
	});
});

describe("createZip without noClobber", () => {
	it("replaces a file that appears while the archive is made", async () => {
		await create({}, appear);
		expect(await zipNames(await read())).toEqual(["a.txt"]);
		expect(files.link).not.toHaveBeenCalled();
	});
});

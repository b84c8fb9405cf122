import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { loadConfig } from "../../../src/backup/config/load-config.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const directory = useTempDirectory();
const page = await readFile(new URL("../../../docs/backup.md", import.meta.url), "utf8");
const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
const SECRET = "0123-4567-89ab";
const ENV = {
	LINODE_KEY_ID: SECRET,
	LINODE_SECRET: SECRET,
	HC_PROJECT_KEY: SECRET,
	HOOK_TOKEN: SECRET,
	MAIL_PASSWORD: SECRET,
};

it("the config in docs/backup.md loads, and says what it says it says", async () => {
	await directory.write({ "zipferry.config.yaml": example });
	const { jobs, warnings } = await loadConfig({ cwd: directory.path(), env: ENV });
	expect(warnings).toEqual([]);
	expect(jobs.map(({ name }) => name)).toEqual(["photos", "shop", "scratch"]);
	const [photos, shop, scratch] = jobs;
	expect(photos?.tell.ping).toBe(`https://hc-ping.com/${SECRET}/photos`);
	expect(photos?.keep).toMatchObject({ daily: 7, weekly: 4, monthly: 12, min: 1 });
	expect(shop?.keep).toMatchObject({ within: { days: 2 }, daily: 30, yearly: -1, min: 3 });
	expect(shop?.keep?.weekly).toBeUndefined();
	expect(scratch?.keep).toBeUndefined();
	expect(scratch?.tell.ping).toBeUndefined();
});

it.each(Object.keys(ENV))("the config in docs/backup.md needs %s, and says so", async (name) => {
	await directory.write({ "zipferry.config.yaml": example });
	const env = { ...ENV, [name]: undefined };
	await expect(loadConfig({ cwd: directory.path(), env })).rejects.toThrow(
		`needs the environment variable ${name}, which is not set`,
	);
});

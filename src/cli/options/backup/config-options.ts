import { table } from "../option.ts";

/** Which config file is meant. */
export const CONFIG_OPTIONS = table({
	config: {
		group: "Backup",
		kind: "text",
		value: "FILE",
		sets: "config",
		describe: "Config file; default: the nearest zipferry.config.yaml (yml, json, js, ts), here or above",
	},
});

import type { KeyTemplate } from "../../../backup/template/key-template.ts";
import { parseKeyTemplate } from "../../../backup/template/parse-key-template.ts";
import type { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import type { Values } from "../../options/option.ts";

/**
 * The template that was typed, with what its options say.
 *
 * @throws {InvalidOptionError} if it is none
 */
export function templateOf(text: string, values: Values<typeof TEMPLATE_OPTIONS>): KeyTemplate {
	const { name, host, "time-zone": timeZone } = values;
	return parseKeyTemplate(text, { name, host, timeZone });
}

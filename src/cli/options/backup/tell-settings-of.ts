import {
	OCCASIONS,
	type Occasion,
	type TellSettings,
	type Webhook,
} from "../../../backup/tell/tell-settings.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { invalidOption } from "../../../options/invalid-option.ts";
import type { Values } from "../option.ts";
import type { TELL_OPTIONS } from "./tell-options.ts";

type TellValues = Values<typeof TELL_OPTIONS>;

/**
 * Who is to be told, as the options say.
 *
 * @throws {InvalidOptionError}, whose message has no address in it: they are secrets
 */
export function tellSettingsOf(values: TellValues): TellSettings {
	const mailUrl = addressOf("mail-url", values["mail-url"], ["smtp:", "smtps:"]);
	const [first = "", ...others] = values["mail-to"] ?? [];
	return {
		ping: addressOf("ping-url", values["ping-url"]),
		webhook: webhookOf(values, "webhook", ["success", "failure"], values["webhook-header"]),
		apprise: webhookOf(values, "apprise", ["failure"], {}),
		mail:
			mailUrl === undefined
				? undefined
				: {
						url: mailUrl,
						from: values["mail-from"] ?? first,
						to: [first, ...others],
						on: occasionsOf("mail-on", values["mail-on"], ["failure"]),
					},
		metricsFile: values["metrics-file"],
	};
}

function webhookOf(
	values: TellValues,
	which: "webhook" | "apprise",
	usual: readonly Occasion[],
	headers: Readonly<Record<string, string>> | undefined,
): Webhook | undefined {
	const url = addressOf(`${which}-url`, values[`${which}-url`]);
	const on = occasionsOf(`${which}-on`, values[`${which}-on`], usual);
	return url === undefined ? undefined : { url, on, headers: headers ?? {} };
}

function addressOf(
	option: keyof TellValues,
	text: string | undefined,
	schemes: readonly string[] = ["https:", "http:"],
): string | undefined {
	if (text === undefined) return undefined;
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url !== undefined && schemes.includes(url.protocol) && url.hostname !== "") return text;
	const allowed = `an address that begins with ${schemes.map((scheme) => `${scheme}//`).join(" or ")}`;
	if (text === "") throw invalidOption(`--${option}`, allowed, text);
	throw new InvalidOptionError(`--${option} must be ${allowed}`, { option: `--${option}`, allowed });
}

function occasionsOf(
	option: keyof TellValues,
	words: readonly string[] | undefined,
	usual: readonly Occasion[],
): readonly Occasion[] {
	if (words === undefined || words.length === 0) return usual;
	return OCCASIONS.filter((occasion) => {
		for (const word of words)
			if (!OCCASIONS.some((one) => one === word))
				throw invalidOption(`--${option}`, OCCASIONS.join(", "), word);
		return words.includes(occasion);
	});
}

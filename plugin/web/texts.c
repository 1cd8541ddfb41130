#include "texts.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

static const char *const english[LK_WEB_TEXTS] = {
	[LK_WEB_NO_TEXT] = "",
	[LK_WEB_TEXT_SKIP] = N_("Skip to the contents"),
	[LK_WEB_TEXT_LANGUAGE] = N_("Language"),
	[LK_WEB_TEXT_ERROR_TITLE] = N_("Error: {title}"),
	[LK_WEB_TEXT_ERROR_HEADING] = N_("This did not work yet"),
	[LK_WEB_TEXT_CORRECT] = N_("Correct this."),
	[LK_WEB_TEXT_BACK] = N_("Back to the beginning"),

	[LK_WEB_TEXT_START_TITLE] = N_("Can’t access your account?"),
	[LK_WEB_TEXT_START_INTRO] =
		N_("Say who you are. If the account exists and has a recovery address, a mail with a code is sent there."),
	[LK_WEB_TEXT_USER] = N_("User name or mail address"),
	[LK_WEB_TEXT_START_BUTTON] = N_("Send a code"),
	[LK_WEB_TEXT_HAVE_CODE] = N_("I have a code already"),
	[LK_WEB_TEXT_CHANGE_LINK] = N_("I know my password and want to change it"),

	[LK_WEB_TEXT_CODE_TITLE] = N_("Enter your code"),
	[LK_WEB_TEXT_CODE_SENT] =
		N_("If the account “{user}” exists and has a recovery address, a mail with a code is on its way. It takes a "
		   "minute or two."),
	[LK_WEB_TEXT_CODE_INTRO] = N_("Enter the code from the mail, or one of your printed recovery codes."),
	[LK_WEB_TEXT_NO_MAIL] = N_("No mail came?"),
	[LK_WEB_TEXT_NO_MAIL_FOLDER] = N_("Look into the folder for unwanted mail, too."),
	[LK_WEB_TEXT_NO_MAIL_ADDRESS] =
		N_("The mail goes to the recovery address on record, which may be another one than you think of."),
	[LK_WEB_TEXT_NO_MAIL_PRINTED] = N_("A printed recovery code works in the place of the code from the mail."),
	[LK_WEB_TEXT_NO_MAIL_AGAIN] =
		N_("You can ask again at any time. A code that you have already stays good as long as its mail says."),
	[LK_WEB_TEXT_ASK_AGAIN] = N_("Ask for another code"),
	[LK_WEB_TEXT_CODE] = N_("Code"),
	[LK_WEB_TEXT_CODE_HINT] =
		N_("For example K7QF-2M9X-4TRB. Capitals, spaces and hyphens do not matter, and you can paste the whole mail."),
	[LK_WEB_TEXT_SECOND_OFFER] = N_("My organization asks for a second proof"),
	[LK_WEB_TEXT_SECOND] = N_("What your authenticator app shows, or a printed recovery code"),
	[LK_WEB_TEXT_NEW_HEADING] = N_("Create a new password"),
	[LK_WEB_TEXT_NEW] = N_("New password"),
	[LK_WEB_TEXT_REPEATED] = N_("New password again"),
	[LK_WEB_TEXT_NEW_BUTTON] = N_("Set the new password"),
	[LK_WEB_TEXT_KEEP_HEADING] = N_("Do you know your password?"),
	[LK_WEB_TEXT_KEEP_HINT] =
		N_("Then the account may only be locked. With the code you get in again and keep the password you have."),
	[LK_WEB_TEXT_KEEP_BUTTON] = N_("I know my password, let me in again"),

	[LK_WEB_TEXT_CHANGE_TITLE] = N_("Change your password"),
	[LK_WEB_TEXT_CHANGE_INTRO] =
		N_("For a temporary password, which has to be changed before anything else, and for any other that you know."),
	[LK_WEB_TEXT_OLD] = N_("Password that you have now"),
	[LK_WEB_TEXT_CHANGE_BUTTON] = N_("Change the password"),
	[LK_WEB_TEXT_FORGOTTEN] = N_("I do not know my password"),

	[LK_WEB_TEXT_DONE_TITLE] = N_("Done"),
	[LK_WEB_TEXT_DONE_CHANGED] = N_("Your password was changed. You can sign in with the new one."),
	[LK_WEB_TEXT_DONE_KEPT] = N_("You can sign in again with the password you have."),
	[LK_WEB_TEXT_DONE_TOLD] =
		N_("A mail tells of it at every address on record. If it was not you, contact your administrator at once."),
	[LK_WEB_TEXT_DONE_SIGN_IN] = N_("Go to sign-in"),
	[LK_WEB_TEXT_DONE_CLOSE] = N_("You can close this page."),
	[LK_WEB_TEXT_DONE_HANGUL] =
		N_("The code was typed with the Korean input method on; it was understood all the same."),
	[LK_WEB_TEXT_DONE_GONE] = N_("This page has nothing to say any more. What was done stays done."),

	[LK_WEB_TEXT_USER_MISSING] = N_("Enter your user name or your mail address."),
	[LK_WEB_TEXT_USER_BAD] = N_("This is no user name: it is too long, or holds characters that no name has."),
	[LK_WEB_TEXT_USER_HANGUL] = N_(
		"“{typed}” was typed with the Korean input method on, and was read as “{user}”. If that is wrong, correct it."),
	[LK_WEB_TEXT_CODE_MISSING] = N_("Enter the code from the mail, or a printed recovery code."),
	[LK_WEB_TEXT_CODE_SEVERAL] =
		N_("There are several codes in what you pasted. Enter one of them alone, the one from the newest mail."),
	[LK_WEB_TEXT_CODE_TEMPORARY] =
		N_("This is a temporary password, and no code. Sign in with it; you are asked for a new password then."),
	[LK_WEB_TEXT_CODE_SHORT] = N_(
		"A code from a mail has 12 letters and digits, a printed one 24. This has {count}; compare it with the mail."),
	[LK_WEB_TEXT_CODE_BAD] =
		N_("This is no code. It looks like K7QF-2M9X-4TRB and has no U; it may help to copy it from the mail."),
	[LK_WEB_TEXT_CODE_DIGITS] = N_(
		"Six digits are what an authenticator app shows. They count as the second proof; here goes the code from the "
		"mail."),
	[LK_WEB_TEXT_CODE_HANGUL] = N_("The code was typed with the Korean input method on. It was understood as {code}."),
	[LK_WEB_TEXT_SECOND_MISSING] = N_("Enter what your authenticator app shows, or a printed recovery code."),
	[LK_WEB_TEXT_SECOND_BAD] =
		N_("An authenticator app shows six digits, and a printed recovery code has 24 letters and digits."),
	[LK_WEB_TEXT_OLD_MISSING] = N_("Enter the password that you have now."),
	[LK_WEB_TEXT_NEW_MISSING] = N_("Enter a new password."),
	[LK_WEB_TEXT_NEW_DIFFERENT] = N_("The two new passwords are not the same. Enter both again."),
	[LK_WEB_TEXT_NEW_LONG] = N_("This password is too long."),
	[LK_WEB_TEXT_CODE_REMAINS] = N_("Your code is still good."),

	[LK_WEB_TEXT_WRONG_CODE] = N_(
		"This was not accepted. Perhaps the code is mistyped, too old, used already, or for another user, or a second "
		"proof is needed. Compare it with the newest mail, or ask for another code."),
	[LK_WEB_TEXT_WRONG_PASSWORD] = N_(
		"The user name or the password is wrong, or the account is locked, or the password has expired. If you cannot "
		"get on, ask for a code."),
	[LK_WEB_TEXT_TOO_SIMPLE] = N_("The new password is too short or too simple. Choose another one."),
	[LK_WEB_TEXT_USED_BEFORE] = N_("This password was in use before. Choose another one."),
	[LK_WEB_TEXT_SAME_AS_NOW] = N_("This is the password that the account has already. Choose another one."),
	[LK_WEB_TEXT_TOO_YOUNG] = N_("The password was changed a short while ago and cannot be changed again yet."),
	[LK_WEB_TEXT_NOT_ACCEPTED] = N_("The password policy does not accept the new password. Choose another one."),
	[LK_WEB_TEXT_EXPIRED] = N_("Your password has expired and cannot be kept. Create a new one with the same code."),
	[LK_WEB_TEXT_NOTHING_TO_KEEP] = N_("There is no password to keep. Create a new one with the same code."),
	[LK_WEB_TEXT_REFUSED] = N_("The directory refused this. Contact your administrator."),
	[LK_WEB_TEXT_BUSY] = N_("Too much is going on just now. Try again in a moment."),
	[LK_WEB_TEXT_TOO_MANY] = N_("There were too many attempts from where you are. Try again in ten minutes."),
	[LK_WEB_TEXT_UNREACHABLE] = N_("The directory cannot be reached. Nothing was changed; try again in some minutes."),
	[LK_WEB_TEXT_UNKNOWN_OUTCOME] = N_(
		"The directory did not answer in time. The password may have been changed all the same: try it before you go "
		"on."),

	[LK_WEB_TEXT_FORM_OLD] = N_("This page was open for too long. Nothing was done; enter it once more."),
	[LK_WEB_TEXT_FORM_FOREIGN] =
		N_("This form was not made for your browser, or your browser keeps no cookies. Nothing was done; enter it once "
		   "more."),
	[LK_WEB_TEXT_NO_PAGE_TITLE] = N_("There is no such page"),
	[LK_WEB_TEXT_NO_PAGE] = N_("The address may be mistyped."),
	[LK_WEB_TEXT_BAD_REQUEST_TITLE] = N_("This cannot be read"),
	[LK_WEB_TEXT_BAD_REQUEST] = N_("The browser sent something that is no form of these pages. Nothing was done."),
	[LK_WEB_TEXT_TOO_LARGE] = N_("That was far too much text. Enter the code alone. Nothing was done."),
};

static const struct {
	const char *tag;
	const char *name;
} languages[LK_WEB_LANGUAGES] = {
	[LK_WEB_ENGLISH] = {"en", "English"},
	[LK_WEB_KOREAN] = {"ko", "한국어"},
};

static const char *texts[LK_WEB_LANGUAGES][LK_WEB_TEXTS];

/* C.UTF-8 is always there, and gettext follows LANGUAGE under it. A change of the locale makes it look at LANGUAGE
 * anew. */
static bool load_language(enum lk_web_language language)
{
	bool found = language == LK_WEB_ENGLISH;

	g_setenv("LANGUAGE", languages[language].tag, TRUE);
	setlocale(LC_MESSAGES, "C");
	setlocale(LC_MESSAGES, "C.UTF-8");
	for (size_t i = 0; i < LK_WEB_TEXTS; i++) {
		texts[language][i] = *english[i] == '\0' || language == LK_WEB_ENGLISH ? english[i] : _(english[i]);
		found = found || texts[language][i] != english[i];
	}
	return found;
}

bool lk_web_texts_load(const char *folder)
{
	bool all = true;

	setlocale(LC_CTYPE, "C.UTF-8");
	bindtextdomain(GETTEXT_PACKAGE, folder);
	bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
	textdomain(GETTEXT_PACKAGE);
	for (size_t i = 0; i < LK_WEB_LANGUAGES; i++)
		all = load_language((enum lk_web_language)i) && all;
	return all;
}

const char *lk_web_text(enum lk_web_language language, enum lk_web_text text)
{
	return texts[language][text] == NULL ? english[text] : texts[language][text];
}

const char *lk_web_language_tag(enum lk_web_language language)
{
	return languages[language].tag;
}

const char *lk_web_language_name(enum lk_web_language language)
{
	return languages[language].name;
}

static bool tag_is(const char *text, size_t length, const char *tag)
{
	size_t primary = strcspn(text, "-");

	if (primary > length)
		primary = length;
	return primary == strlen(tag) && g_ascii_strncasecmp(text, tag, primary) == 0;
}

static bool find(const char *text, size_t length, enum lk_web_language *ret_language)
{
	for (size_t i = 0; i < LK_WEB_LANGUAGES; i++) {
		if (!tag_is(text, length, languages[i].tag))
			continue;
		*ret_language = (enum lk_web_language)i;
		return true;
	}
	return false;
}

bool lk_web_language_find(const char *tag, enum lk_web_language *ret_language)
{
	return find(tag, strlen(tag), ret_language);
}

/* The weight behind ";q=" in thousandths; 1000 where there is none, 0 where it is none. */
static int read_weight(const char *parameters, size_t length)
{
	const char *end = parameters + length;
	int weight = 0, scale = 1000;

	while (parameters < end && strchr("; \t", *parameters) != NULL)
		parameters++;
	if (parameters == end)
		return 1000;
	if (end - parameters < 3 || (parameters[0] | 0x20) != 'q' || parameters[1] != '=')
		return 0;
	for (parameters += 2; parameters < end && scale > 0; parameters++) {
		if (*parameters == '.')
			continue;
		if (!g_ascii_isdigit(*parameters))
			return 0;
		weight += (*parameters - '0') * scale;
		scale /= 10;
	}
	return weight > 1000 ? 0 : weight;
}

enum lk_web_language lk_web_language_choose(const char *accept, enum lk_web_language standard)
{
	enum lk_web_language best = standard, one;
	int heaviest = 0;

	for (const char *item = accept; item != NULL && *item != '\0';) {
		item += strspn(item, ", \t");
		size_t length = strcspn(item, ","), tag = strcspn(item, ",; \t");
		int weight = find(item, tag, &one) ? read_weight(item + tag, length - tag) : 0;

		if (weight > heaviest) {
			heaviest = weight;
			best = one;
		}
		item += length;
	}
	return best;
}

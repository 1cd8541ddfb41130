/* What the pages say, in each language that they speak.
 *
 * gettext takes its language from the whole process, and here each request has its own: so all sentences are looked up
 * once, before the first thread begins, and never change after that. */
#pragma once

#include <stdbool.h>

enum lk_web_language { LK_WEB_ENGLISH, LK_WEB_KOREAN, LK_WEB_LANGUAGES };

enum lk_web_text {
	LK_WEB_NO_TEXT,
	/* on every page */
	LK_WEB_TEXT_SKIP,
	LK_WEB_TEXT_LANGUAGE,
	LK_WEB_TEXT_ERROR_TITLE,
	LK_WEB_TEXT_ERROR_HEADING,
	LK_WEB_TEXT_CORRECT,
	LK_WEB_TEXT_BACK,
	/* who are you? */
	LK_WEB_TEXT_START_TITLE,
	LK_WEB_TEXT_START_INTRO,
	LK_WEB_TEXT_USER,
	LK_WEB_TEXT_START_BUTTON,
	LK_WEB_TEXT_HAVE_CODE,
	LK_WEB_TEXT_CHANGE_LINK,
	/* the code */
	LK_WEB_TEXT_CODE_TITLE,
	LK_WEB_TEXT_CODE_SENT,
	LK_WEB_TEXT_CODE_INTRO,
	LK_WEB_TEXT_NO_MAIL,
	LK_WEB_TEXT_NO_MAIL_FOLDER,
	LK_WEB_TEXT_NO_MAIL_ADDRESS,
	LK_WEB_TEXT_NO_MAIL_PRINTED,
	LK_WEB_TEXT_NO_MAIL_AGAIN,
	LK_WEB_TEXT_ASK_AGAIN,
	LK_WEB_TEXT_CODE,
	LK_WEB_TEXT_CODE_HINT,
	LK_WEB_TEXT_SECOND_OFFER,
	LK_WEB_TEXT_SECOND,
	LK_WEB_TEXT_NEW_HEADING,
	LK_WEB_TEXT_NEW,
	LK_WEB_TEXT_REPEATED,
	LK_WEB_TEXT_NEW_BUTTON,
	LK_WEB_TEXT_KEEP_HEADING,
	LK_WEB_TEXT_KEEP_HINT,
	LK_WEB_TEXT_KEEP_BUTTON,
	/* old and new */
	LK_WEB_TEXT_CHANGE_TITLE,
	LK_WEB_TEXT_CHANGE_INTRO,
	LK_WEB_TEXT_OLD,
	LK_WEB_TEXT_CHANGE_BUTTON,
	LK_WEB_TEXT_FORGOTTEN,
	/* done */
	LK_WEB_TEXT_DONE_TITLE,
	LK_WEB_TEXT_DONE_CHANGED,
	LK_WEB_TEXT_DONE_KEPT,
	LK_WEB_TEXT_DONE_TOLD,
	LK_WEB_TEXT_DONE_SIGN_IN,
	LK_WEB_TEXT_DONE_CLOSE,
	LK_WEB_TEXT_DONE_HANGUL,
	LK_WEB_TEXT_DONE_GONE,
	/* what was wrong with what was typed */
	LK_WEB_TEXT_USER_MISSING,
	LK_WEB_TEXT_USER_BAD,
	LK_WEB_TEXT_USER_HANGUL,
	LK_WEB_TEXT_CODE_MISSING,
	LK_WEB_TEXT_CODE_SEVERAL,
	LK_WEB_TEXT_CODE_TEMPORARY,
	LK_WEB_TEXT_CODE_SHORT,
	LK_WEB_TEXT_CODE_BAD,
	LK_WEB_TEXT_CODE_DIGITS,
	LK_WEB_TEXT_CODE_HANGUL,
	LK_WEB_TEXT_SECOND_MISSING,
	LK_WEB_TEXT_SECOND_BAD,
	LK_WEB_TEXT_OLD_MISSING,
	LK_WEB_TEXT_NEW_MISSING,
	LK_WEB_TEXT_NEW_DIFFERENT,
	LK_WEB_TEXT_NEW_LONG,
	LK_WEB_TEXT_CODE_REMAINS,
	/* what the directory said */
	LK_WEB_TEXT_WRONG_CODE,
	LK_WEB_TEXT_WRONG_PASSWORD,
	LK_WEB_TEXT_TOO_SIMPLE,
	LK_WEB_TEXT_USED_BEFORE,
	LK_WEB_TEXT_SAME_AS_NOW,
	LK_WEB_TEXT_TOO_YOUNG,
	LK_WEB_TEXT_NOT_ACCEPTED,
	LK_WEB_TEXT_EXPIRED,
	LK_WEB_TEXT_NOTHING_TO_KEEP,
	LK_WEB_TEXT_REFUSED,
	LK_WEB_TEXT_BUSY,
	LK_WEB_TEXT_TOO_MANY,
	LK_WEB_TEXT_UNREACHABLE,
	LK_WEB_TEXT_UNKNOWN_OUTCOME,
	/* what was wrong with the request */
	LK_WEB_TEXT_FORM_OLD,
	LK_WEB_TEXT_FORM_FOREIGN,
	LK_WEB_TEXT_NO_PAGE_TITLE,
	LK_WEB_TEXT_NO_PAGE,
	LK_WEB_TEXT_BAD_REQUEST_TITLE,
	LK_WEB_TEXT_BAD_REQUEST,
	LK_WEB_TEXT_TOO_LARGE,
	LK_WEB_TEXTS
};

/* Looks all of them up in the catalogues of FOLDER. False where one of the languages is not there, whose readers get
 * English then. To be called once, before there are threads. */
bool lk_web_texts_load(const char *folder);

/* Never NULL. */
const char *lk_web_text(enum lk_web_language language, enum lk_web_text text);

/* As in HTML's lang attribute. */
const char *lk_web_language_tag(enum lk_web_language language);
/* Its name in itself. */
const char *lk_web_language_name(enum lk_web_language language);

/* The language that a tag names, in any case and with any subtags ("ko-KR"). False where the pages do not speak it. */
bool lk_web_language_find(const char *tag, enum lk_web_language *ret_language);

/* The one that a browser likes best of those that the pages speak, by Accept-Language (RFC 9110, section 12.5.4);
 * STANDARD where the header is NULL or names none of them. */
enum lk_web_language lk_web_language_choose(const char *accept, enum lk_web_language standard);

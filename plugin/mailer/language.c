#include "language.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "catalog.h"
#include "letter.h"
#include "template.h"

#define CONTEXT "mail"
#define DOMAIN "latchkey"

struct lk_language {
	const char *tag;
	struct lk_catalog *catalog; /* NULL for the language that the phrases are written in */
	char *templates[LK_KIND_COUNT];
};

/* The first one is for everybody who reads none of them, and the one that the sources are written in. */
static const char *const tags[] = {"en", "ko"};

struct lk_languages {
	struct lk_language languages[G_N_ELEMENTS(tags)];
	char *frame;
	GPtrArray *faults; /* of what was to replace them; ends with NULL */
};

#define MOST_OCTETS (64 * 1024) /* of a replacement */

static int read_text(const char *path, char **ret_text, struct lk_complaint *ret_complaint)
{
	GError *error = NULL;

	if (g_file_get_contents(path, ret_text, NULL, &error))
		return 0;
	lk_complain(ret_complaint, "%s", error->message);
	g_error_free(error);
	return -1;
}

static int load_template(
	struct lk_language *language, enum lk_kind kind, const char *directory, struct lk_complaint *ret_complaint)
{
	char *path = g_strdup_printf("%s/%s.%s.txt", directory, lk_kind_name(kind), language->tag);
	struct lk_complaint reason;
	int result = read_text(path, &language->templates[kind], ret_complaint);

	if (result == 0 && lk_template_check(language->templates[kind], lk_letter_names(), &reason) < 0)
		result = lk_complain(ret_complaint, "%s: %s", path, reason.text);
	g_free(path);
	return result;
}

static int load_catalog(struct lk_language *language, const char *catalogs, struct lk_complaint *ret_complaint)
{
	if (language->tag == tags[0])
		return 0;
	char *path = g_strdup_printf("%s/%s/LC_MESSAGES/" DOMAIN ".mo", catalogs, language->tag);
	int result = lk_catalog_load(path, &language->catalog, ret_complaint);
	g_free(path);
	return result;
}

static int load_language(
	struct lk_language *language, const char *directory, const char *catalogs, struct lk_complaint *ret_complaint)
{
	for (int kind = 0; kind < LK_KIND_COUNT; kind++)
		if (load_template(language, (enum lk_kind)kind, directory, ret_complaint) < 0)
			return -1;
	return load_catalog(language, catalogs, ret_complaint);
}

static int load_all(
	struct lk_languages *languages, const char *directory, const char *catalogs, struct lk_complaint *ret_complaint)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		languages->languages[i].tag = tags[i];
		if (load_language(&languages->languages[i], directory, catalogs, ret_complaint) < 0)
			return -1;
	}
	char *path = g_strdup_printf("%s/frame.html", directory);
	int result = read_text(path, &languages->frame, ret_complaint);
	g_free(path);
	return result;
}

int lk_languages_load(const char *directory, const char *catalogs, struct lk_languages **ret_languages,
	struct lk_complaint *ret_complaint)
{
	struct lk_languages *languages = g_new0(struct lk_languages, 1);

	languages->faults = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(languages->faults, NULL);
	if (load_all(languages, directory, catalogs, ret_complaint) < 0) {
		lk_languages_free(languages);
		return -1;
	}
	*ret_languages = languages;
	return 0;
}

void lk_languages_free(struct lk_languages *languages)
{
	if (!languages)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		for (size_t kind = 0; kind < LK_KIND_COUNT; kind++)
			g_free(languages->languages[i].templates[kind]);
		lk_catalog_free(languages->languages[i].catalog);
	}
	g_free(languages->frame);
	g_ptr_array_unref(languages->faults);
	g_free(languages);
}

/* What is the mail for, if it does not say this? */
static const char *needed_by(enum lk_kind kind)
{
	bool has_secret =
		kind == LK_KIND_RECOVERY_CODE || kind == LK_KIND_TEMPORARY_PASSWORD || kind == LK_KIND_ADDRESS_PROOF;

	return has_secret ? "{secret}" : "";
}

static int check_replacement(const char *text, const char *needed, struct lk_complaint *ret_complaint)
{
	if (strlen(text) > MOST_OCTETS)
		return lk_complain(ret_complaint, "it is larger than %d octets", MOST_OCTETS);
	if (!strstr(text, needed))
		return lk_complain(ret_complaint, "it does not say %s", needed);
	return g_utf8_validate(text, -1, NULL) ? 0 : lk_complain(ret_complaint, "it is not UTF-8");
}

static void add_fault(struct lk_languages *languages, const char *path, const char *reason)
{
	char *fault = g_strdup_printf("%s: %s", path, reason);

	g_ptr_array_insert(languages->faults, (gint)languages->faults->len - 1, fault);
}

/* Puts what PATH says in the place of *TEXT; NULL for NAMES where anything may stand in braces. */
static void replace_text(
	struct lk_languages *languages, const char *path, const char *needed, const struct lk_value *names, char **text)
{
	struct lk_complaint reason;
	char *fresh = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return;
	if (read_text(path, &fresh, &reason) < 0) {
		add_fault(languages, path, reason.text);
	} else if (check_replacement(fresh, needed, &reason) < 0 ||
			   (names && lk_template_check(fresh, names, &reason) < 0)) {
		add_fault(languages, path, reason.text);
		g_free(fresh);
	} else {
		g_free(*text);
		*text = fresh;
	}
}

void lk_languages_replace(struct lk_languages *languages, const char *directory)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		for (int kind = 0; kind < LK_KIND_COUNT; kind++) {
			char *path = g_strdup_printf("%s/%s.%s.txt", directory, lk_kind_name((enum lk_kind)kind), tags[i]);
			replace_text(languages, path, needed_by((enum lk_kind)kind), lk_letter_names(),
				&languages->languages[i].templates[kind]);
			g_free(path);
		}
	}
	char *path = g_build_filename(directory, "frame.html", NULL);
	replace_text(languages, path, "{body}", NULL, &languages->frame);
	g_free(path);
}

const char *const *lk_languages_faults(const struct lk_languages *languages)
{
	return (const char *const *)languages->faults->pdata;
}

static gboolean is_language(const struct berval *tag, const char *language)
{
	size_t length = strlen(language);

	return tag->bv_len >= length && g_ascii_strncasecmp(tag->bv_val, language, length) == 0 &&
		   (tag->bv_len == length || tag->bv_val[length] == '-');
}

const struct lk_language *lk_languages_find(const struct lk_languages *languages, const struct berval *tag)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (is_language(tag, tags[i]))
			return &languages->languages[i];
	return &languages->languages[0];
}

const char *lk_languages_frame(const struct lk_languages *languages)
{
	return languages->frame;
}

const char *lk_language_tag(const struct lk_language *language)
{
	return language->tag;
}

const char *lk_language_template(const struct lk_language *language, enum lk_kind kind)
{
	return language->templates[kind];
}

const char *lk_language_phrase(const struct lk_language *language, const char *text)
{
	return lk_catalog_find(language->catalog, CONTEXT, text);
}

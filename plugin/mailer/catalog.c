#include "catalog.h"

#include <glib.h>
#include <string.h>

#define MAGIC 0x950412deU
#define HEADER 20U
#define CONTEXT_END "\004"

struct lk_catalog {
	char *bytes;
	gsize length;
	gboolean is_swapped;
	guint32 count;
	guint32 originals; /* offsets of the two tables */
	guint32 translations;
};

static guint32 number_at(const struct lk_catalog *catalog, gsize offset)
{
	guint32 number;

	memcpy(&number, catalog->bytes + offset, sizeof number);
	return catalog->is_swapped ? GUINT32_SWAP_LE_BE(number) : number;
}

/* The string that the table's entry names; NULL where that does not lie inside the file or has no NUL after it. */
static const char *string_at(const struct lk_catalog *catalog, guint32 table, guint32 entry)
{
	gsize pair = table + (gsize)8 * entry;
	gsize length = number_at(catalog, pair);
	gsize offset = number_at(catalog, pair + 4);

	if (offset > catalog->length || length >= catalog->length - offset || catalog->bytes[offset + length])
		return NULL;
	return catalog->bytes + offset;
}

static gboolean table_fits(const struct lk_catalog *catalog, guint32 table)
{
	return table <= catalog->length && catalog->count <= (catalog->length - table) / 8;
}

static gboolean is_sound(struct lk_catalog *catalog)
{
	if (catalog->length < HEADER)
		return FALSE;
	catalog->is_swapped = number_at(catalog, 0) != MAGIC;
	if (number_at(catalog, 0) != MAGIC || number_at(catalog, 4) >> 16)
		return FALSE;
	catalog->count = number_at(catalog, 8);
	catalog->originals = number_at(catalog, 12);
	catalog->translations = number_at(catalog, 16);
	if (!table_fits(catalog, catalog->originals) || !table_fits(catalog, catalog->translations))
		return FALSE;
	for (guint32 i = 0; i < catalog->count; i++)
		if (!string_at(catalog, catalog->originals, i) || !string_at(catalog, catalog->translations, i))
			return FALSE;
	return TRUE;
}

int lk_catalog_load(const char *path, struct lk_catalog **ret_catalog, struct lk_complaint *ret_complaint)
{
	struct lk_catalog *catalog = g_new0(struct lk_catalog, 1);
	GError *error = NULL;

	if (!g_file_get_contents(path, &catalog->bytes, &catalog->length, &error)) {
		lk_complain(ret_complaint, "%s", error->message);
		g_error_free(error);
		lk_catalog_free(catalog);
		return -1;
	}
	if (!is_sound(catalog)) {
		lk_catalog_free(catalog);
		return lk_complain(ret_complaint, "%s is not a message catalogue as msgfmt makes them", path);
	}
	*ret_catalog = catalog;
	return 0;
}

void lk_catalog_free(struct lk_catalog *catalog)
{
	if (!catalog)
		return;
	g_free(catalog->bytes);
	g_free(catalog);
}

/* Binary search, as the originals are sorted; NULL where there is none. */
static const char *find(const struct lk_catalog *catalog, const char *key)
{
	guint32 low = 0, high = catalog->count;

	while (low < high) {
		guint32 middle = low + (high - low) / 2;
		int order = strcmp(key, string_at(catalog, catalog->originals, middle));
		if (order == 0)
			return string_at(catalog, catalog->translations, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *lk_catalog_find(const struct lk_catalog *catalog, const char *context, const char *text)
{
	if (!catalog)
		return text;
	char *key = g_strconcat(context, CONTEXT_END, text, NULL);
	const char *found = find(catalog, key);
	g_free(key);
	return found && *found ? found : text;
}

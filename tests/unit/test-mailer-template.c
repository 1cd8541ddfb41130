/* From a template and values to the text and the HTML of a mail. */
#include "support.h"

#include <sodium.h>
#include <string.h>

#include "template.h"

static const struct lk_value values[] = {
	{"name", "김정현"},
	{"login", "kim"},
	{"evil", "<b>\"{name}\" & 'co'</b>"},
	{"portal", "https://id.example.com/?a=1&b=\"2\""},
	{"empty", ""},
	{"unset", NULL},
	{"markup", "<i>yes</i>", .is_markup = true},
	{NULL},
};

static void expansion_escapes_values_for_where_they_stand(void **state)
{
	static const struct {
		const char *pattern;
		enum lk_form form;
		const char *text;
	} cases[] = {
		{"{name} 님", LK_FORM_TEXT, "김정현 님"},
		{"{empty}{unset}", LK_FORM_TEXT, ""},
		{"{ name} {Name} {} {name {nobody} }", LK_FORM_TEXT, "{ name} {Name} {} {name {nobody} }"},
		{"{{login}}", LK_FORM_TEXT, "{kim}"},
		{"{evil}", LK_FORM_TEXT, "<b>\"{name}\" & 'co'</b>"}, /* what a value says is not expanded again */
		{"{evil}", LK_FORM_HTML, "&lt;b&gt;&quot;{name}&quot; &amp; &#39;co&#39;&lt;/b&gt;"},
		{"{evil}", LK_FORM_FRAME, "&lt;b&gt;&quot;{name}&quot; &amp; &#39;co&#39;&lt;/b&gt;"},
		{"a < b & {login}", LK_FORM_HTML, "a &lt; b &amp; kim"},
		{"<p title=\"{login}\">", LK_FORM_FRAME, "<p title=\"kim\">"},
		{"{portal}", LK_FORM_TEXT, "https://id.example.com/?a=1&b=\"2\""},
		{"{portal}", LK_FORM_HTML,
			"<a href=\"https://id.example.com/?a=1&amp;b=&quot;2&quot;\">"
			"https://id.example.com/?a=1&amp;b=&quot;2&quot;</a>"},
		{"p { color: red }{markup}", LK_FORM_FRAME, "p { color: red }<i>yes</i>"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_secret text = {0};
		lk_expand(cases[i].pattern, strlen(cases[i].pattern), values, cases[i].form, &text);
		assert_string_equal(lk_secret_text(&text), cases[i].text);
		lk_secret_wipe(&text);
	}
}

static void templates_become_text_and_html(void **state)
{
	static const struct {
		const char *source;
		const char *text;
		const char *html;
	} cases[] = {
		{"", "", ""},
		{"# a remark\nHello {name},\n", "Hello 김정현,\n", "<p>Hello 김정현,</p>\n"},
		{"one\ntwo\n\n\n \nthree", "one\ntwo\n\nthree\n", "<p>one\ntwo</p>\n<p>three</p>\n"},
		{"{?portal}at {login}\n{!portal}nowhere\n", "at kim\n", "<p>at kim</p>\n"},
		{"{?empty}gone\n\nleft\n\n{?unset}gone too\n", "left\n", "<p>left</p>\n"},
		{"{?name}{!empty}both\n{?name}{?empty}not\n", "both\n", "<p>both</p>\n"},
		{"a\n\n{!empty}b\n{?empty}c\n\nd\n", "a\n\nb\n\nd\n", "<p>a</p>\n<p>b</p>\n<p>d</p>\n"},
		{"<{evil}>\n", "<<b>\"{name}\" & 'co'</b>>\n",
			"<p>&lt;&lt;b&gt;&quot;{name}&quot; &amp; &#39;co&#39;&lt;/b&gt;&gt;</p>\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_secret text = {0}, html = {0};
		lk_template_render(cases[i].source, values, LK_FORM_TEXT, &text);
		lk_template_render(cases[i].source, values, LK_FORM_HTML, &html);
		assert_string_equal(lk_secret_text(&text), cases[i].text);
		assert_string_equal(lk_secret_text(&html), cases[i].html);
		lk_secret_wipe(&text);
		lk_secret_wipe(&html);
	}
}

static void what_matters_stands_alone(void **state)
{
	struct lk_secret text = {0}, html = {0};

	(void)state;
	lk_template_render("a\n\n{?login}    {login}\n\nb\n", values, LK_FORM_TEXT, &text);
	lk_template_render("a\n\n{?login}    {login}\n\nb\n", values, LK_FORM_HTML, &html);
	assert_string_equal(lk_secret_text(&text), "a\n\n    kim\n\nb\n");
	assert_non_null(strstr(lk_secret_text(&html), "<p class=\"alone\""));
	assert_non_null(strstr(lk_secret_text(&html), "\">kim</p>\n<p>b</p>\n"));
	lk_secret_wipe(&text);
	lk_secret_wipe(&html);
}

static void faults_are_found_before_a_mail_is_written(void **state)
{
	static const struct {
		const char *source;
		const char *sentence; /* NULL: it is good */
	} cases[] = {
		{"Hello {name}, {?} { } {Name}\n", NULL},
		{"# {remark}\n{?name}{!empty}x\n", NULL},
		{"a\nb {nmae}\n", "line 2: nothing is called {nmae}"},
		{"{?name}{!nobody}x\n", "line 1: nothing is called {!nobody}"},
		{"\xff\n", "it is not UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lk_complaint complaint = {""};
		int result = lk_template_check(cases[i].source, values, &complaint);
		assert_int_equal(result, cases[i].sentence ? -1 : 0);
		assert_string_equal(complaint.text, cases[i].sentence ? cases[i].sentence : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expansion_escapes_values_for_where_they_stand),
		cmocka_unit_test(templates_become_text_and_html),
		cmocka_unit_test(what_matters_stands_alone),
		cmocka_unit_test(faults_are_found_before_a_mail_is_written),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

#include "setup.h"

int lk_setup_load(const char *path, struct lk_setup *ret_setup, struct lk_complaint *ret_complaint)
{
	struct lk_setup setup = {0};

	if (lk_config_load(path, &setup.config, ret_complaint) < 0)
		return -1;
	if (lk_mailer_open(setup.config, &setup.mailer, ret_complaint) < 0) {
		lk_config_free(setup.config);
		return -1;
	}
	*ret_setup = setup;
	return 0;
}

void lk_setup_free(struct lk_setup *setup)
{
	if (!setup->config)
		return;
	lk_mailer_close(&setup->mailer);
	lk_config_free(setup->config);
	*setup = (struct lk_setup){0};
}

#include "sqlite_migrations.h"

static const unsigned char m0001[] = {
#embed "../sqlite/0001_initial.sql"
};

static const unsigned char m0002[] = {
#embed "../sqlite/0002_flow_control.sql"
};

static const unsigned char m0003[] = {
#embed "../sqlite/0003_settlement.sql"
};

static const unsigned char m0004[] = {
#embed "../sqlite/0004_jobs_without_index.sql"
};

static const unsigned char m0005[] = {
#embed "../sqlite/0005_child_groups.sql"
};

const struct ingestd_migration ingestd_sqlite_migrations[] = {
    {"0001_initial.sql", m0001, sizeof m0001},
    {"0002_flow_control.sql", m0002, sizeof m0002},
    {"0003_settlement.sql", m0003, sizeof m0003},
    {"0004_jobs_without_index.sql", m0004, sizeof m0004},
    {"0005_child_groups.sql", m0005, sizeof m0005},
};
const size_t ingestd_sqlite_migration_count = sizeof ingestd_sqlite_migrations / sizeof ingestd_sqlite_migrations[0];

#include "built_in_workflows.h"

static const unsigned char ingest[] = {
#embed "../ingest.yaml"
};
static const unsigned char delete_[] = {
#embed "../delete.yaml"
};
static const unsigned char reindex[] = {
#embed "../reindex.yaml"
};
static const unsigned char scan[] = {
#embed "../scan.yaml"
};

const struct ingestd_workflow ingestd_built_in_workflows[] = {
    {"ingest.yaml", ingest, sizeof ingest},
    {"delete.yaml", delete_, sizeof delete_},
    {"reindex.yaml", reindex, sizeof reindex},
    {"scan.yaml", scan, sizeof scan},
};
const size_t ingestd_built_in_workflow_count = sizeof ingestd_built_in_workflows / sizeof ingestd_built_in_workflows[0];

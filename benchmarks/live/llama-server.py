"""llama.cpp's own HTTP server on a free port of the loopback, until its standard input ends.

One argument, in JSON: model and adapter (paths; the adapter may be null), name, threads. Prints one line: {"url": …}.
"""

import json
import sys

import xllamacpp

asked = json.loads(sys.argv[1])
params = xllamacpp.CommonParams()
params.model.path = asked["model"]
params.model_alias = {asked["name"]}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_parallel = 4
params.n_ctx = 4 * 2048  # shared among the four
params.n_gpu_layers = 0
params.cpuparams.n_threads = asked["threads"]
params.cpuparams_batch.n_threads = asked["threads"]
params.endpoint_slots = True
params.ui = False
if asked["adapter"] is not None:
    # strength 0: off, unless a request asks for it
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(asked["adapter"], 0.0)]
server = xllamacpp.Server(params)
print(json.dumps({"url": server.listening_address}), flush=True)
try:
    sys.stdin.read()
except KeyboardInterrupt:
    pass

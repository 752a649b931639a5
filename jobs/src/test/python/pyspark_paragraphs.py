"""Runs paragraphs of notes, one JSON string a line of stdin, in the Spark session of the JVM that started it.

Answers each, and that it is ready, with a line of JSON: {"error": null}, or the traceback. What one paragraph defines the next one sees.
What paragraphs print goes to stderr.
"""
import contextlib
import json
import sys
import traceback

from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

gateway = launch_gateway()
java = gateway.jvm.io.radialnet.jobs.notebook.PythonInterpreter
running = java.context()
context = SparkContext(gateway=gateway, jsc=running, conf=SparkConf(_jvm=gateway.jvm, _jconf=running.getConf()))
session = SparkSession(context, java.session())


class Shown:
    def show(self, rows):
        java.tables().show(rows._jdf)


names = {'__name__': '__main__', 'spark': session, 'sc': context, 'z': Shown()}
print(json.dumps({'error': None}), flush=True)
for line in sys.stdin:
    error = None
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(compile(json.loads(line), 'paragraph', 'exec'), names)
    except Exception:
        error = traceback.format_exc()
    print(json.dumps({'error': error}), flush=True)

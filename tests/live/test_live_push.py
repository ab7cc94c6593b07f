def test_push(stage):
    import time
    t=time.time()
    print(stage.play("worker")); print(time.time()-t)
    print([(c["method"], c["path"], c["query"] if "query" in c else "") for c in stage.simulator.calls(bodies="false")])
    print(stage.ledger())
    t=time.time(); stage.fresh(); print("fresh", time.time()-t)
    t=time.time(); stage.ledger(); print("ledger", time.time()-t)
    t=time.time(); stage.xero_invoices(); print("books", time.time()-t)
    assert 0
